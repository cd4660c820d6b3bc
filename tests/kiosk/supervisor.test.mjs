import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Repeats } from "../../kiosk/static/repeats.js";
import { Desk } from "../../kiosk/static/desk.js";
import { Outcomes } from "../../kiosk/static/outcomes.js";
import { choices, mostFaulty, mustLook, settles, staffSteps, waitsForNetwork } from "../../kiosk/static/supervisor/choices.js";
import { Errands } from "../../kiosk/static/supervisor/errands.js";
import { forgetConflicts } from "../../kiosk/static/supervisor/listed.js";
import { Supervisor } from "../../kiosk/static/supervisor/supervisor.js";
import { Server } from "../../kiosk/static/supervisor/server.js";
import { describeRefund } from "../../kiosk/static/supervisor/told.js";
import { FIND } from "../../kiosk/static/words/finding.js";
import { LANGUAGES, speak } from "../../kiosk/static/words/language.js";
import * as words from "../../kiosk/static/words/supervisor.js";

const ALL = ["redeem", "undo"];
const answered = (answer, attemptId = "a1") => ({ kind: "answer", answer, attemptId, waitedMs: 0 });
const refused = (verdict, rules = [verdict]) => answered({ verdict, may_override: rules });

test("a supervisor is offered what can come of it, and nothing else", () => {
  assert.deepEqual(choices("redeem", refused("closed_now"), ALL), ["override"]);
  assert.deepEqual(choices("redeem", refused("expired", []), ALL), []);
  assert.deepEqual(choices("check", refused("closed_now"), ALL), []);
  assert.deepEqual(choices("redeem", refused("closed_now"), ["undo"]), []);
  assert.deepEqual(choices("redeem", refused("void", ["void"]), ALL), []);
  for (const verdict of ["already_redeemed", "redeemed"]) {
    assert.deepEqual(choices("redeem", answered({ verdict }), ALL), ["undo", "refund"]);
    assert.deepEqual(choices("redeem", answered({ verdict }), ["redeem"]), ["refund"]);
    assert.deepEqual(choices("redeem", answered({ verdict }), ["check"]), []);
  }
  // Nor is another desk's redemption taken back for what was handed over in vain.
  for (const verdict of ["already_redeemed", "redeemed"]) {
    assert.deepEqual(choices("redeem", answered({ verdict, conflict: "c-1" }), ALL), []);
    assert.deepEqual(choices("redeem", answered({ verdict, conflict: null }), ["redeem"]), ["refund"]);
  }
  assert.deepEqual(choices("redeem", { kind: "silence", reason: "network" }, ALL), []);
});

test("what became a conflict as it was told to the server is not a supervisor's any more", () => {
  const left = [], button = (id) => ({ dataset: { supervises: id }, remove: () => left.push(id) });
  forgetConflicts({ isConflict: (id) => id === "a2" }, { querySelectorAll: () => [button("a1"), button("a2")] });
  assert.deepEqual(left, ["a2"]);
});

test("what a device refuses by itself waits for a network", () => {
  const own = { asOf: "", unchecked: [], isFinal: true };
  assert.equal(waitsForNetwork(answered({ verdict: "closed_now", own })), true);
  assert.equal(waitsForNetwork(answered({ verdict: "void", own })), false);
  assert.equal(waitsForNetwork(refused("closed_now")), false);
});

test("who it is is looked at where the perk asks, or nothing is shown", () => {
  assert.deepEqual([mustLook({ identity: true }, true), mustLook({ minimum_age: 18 }, true)], [true, true]);
  assert.deepEqual([mustLook({}, true), mustLook({}, false), mustLook(undefined, true)], [false, true, false]);
});

test("as many can have been faulty as were redeemed", () => {
  assert.equal(mostFaulty(answered({ verdict: "redeemed", voucher: { uses: 3, uses_left: 1 } })), 2);
  assert.equal(mostFaulty(answered({ verdict: "redeemed", voucher: { uses_left: 2 } })), 1);
});

test("a scan on the list has nothing to decide once it was decided", () => {
  const errand = (attempt) => ({ errand: { settles: attempt }, undoes: null });
  const listed = { supervises: "a1", voucher: "V-1" };
  const said = (verdict, uses = 1, reference = "V-1") => ({ verdict, voucher: { reference, uses } });
  assert.equal(settles(errand("a1"), said("redeemed"), listed), true);
  assert.equal(settles(errand("a1"), said("identity_required"), listed), false);
  assert.equal(settles(errand("a2"), said("redeemed"), listed), false);
  assert.equal(settles(errand("a2"), said("undone", 1), listed), true);
  assert.equal(settles(errand("a2"), said("undone", 3), listed), false);
  assert.equal(settles(errand("a2"), said("refunded", 3), listed), true);
  assert.equal(settles(errand("a2"), said("refunded", 3, "V-2"), listed), false);
  const ended = { errand: null, undoes: null, ends: { errand: { settles: "a1" } } };
  assert.equal(settles(ended, said("redeemed"), listed), true);
  assert.equal(settles({ errand: null, undoes: { attemptId: "a1" } }, said("undone"), listed), true);
});

test("what a supervisor redeemed is theirs to take back, and no code is scanned once more", () => {
  const steps = { undo: "Undo", one_more: "One more" };
  assert.deepEqual(staffSteps({ errand: null, entry: { kind: "code" } }, { steps }), steps);
  assert.deepEqual(staffSteps({ errand: {}, entry: { kind: "code" } }, { steps }), { one_more: "One more" });
  assert.deepEqual(staffSteps({ errand: {}, entry: { kind: "reference" } }, { steps }), {});
  // Also once staff said that it was handed over, and after a reload, which forgets who decided.
  assert.deepEqual(staffSteps({ errand: null, ends: { errand: {} }, entry: { kind: "code" } }, { steps }), { one_more: "One more" });
  assert.deepEqual(staffSteps({ errand: null, supervised: true, entry: { kind: "code" } }, { steps }), { one_more: "One more" });
  const ends = { errand: null, supervised: true };
  assert.deepEqual(staffSteps({ errand: null, ends, entry: { kind: "code" } }, { steps }), { one_more: "One more" });
  assert.deepEqual(staffSteps({ errand: null, ends: {}, entry: { kind: "reference" } }, { steps }), {});
  const holds = { handed_over: "Handed over", not_handed_over: "Not handed over" };
  assert.deepEqual(staffSteps({ errand: {}, entry: { kind: "reference" } }, { steps: holds }), holds);
});

let sent, replies, heard, errands, signIns;

beforeEach(() => {
  [sent, replies, heard, signIns] = [[], [], [], []];
  const server = new Server();
  server.signIn = async ({ id, pin }) => (signIns.push([id, pin]), "");
  const scans = {
    surroundings: { monotonic: () => 0 },
    isTold: async (entry) => heard.push(`told before ${entry.text}`),
    alone: {
      sent: async (id) => heard.push(`sent ${id}`),
      undone: async (id) => heard.push(`undone ${id}`),
      asks: async () => {}, unanswered: async () => {},
      heard: async ({ entry }, { verdict }) => heard.push(`${entry.text} ${verdict}`),
    },
    keepTrying: async ({ address, body }) => {
      sent.push([address, JSON.parse(body)]);
      return replies.shift() ?? answered({ verdict: "redeemed" });
    },
  };
  errands = new Errands(scans, server);
});

const sighting = (more = {}) => ({
  entry: { kind: "token", text: "T", voucher: null }, mode: "redeem", identityConfirmed: false, errand: null, ...more,
});

test("an override goes on with the refusal, says what is set aside, and is remembered here", async () => {
  const named = { id: "op_a", name: "Ada", pin: "860135" };
  const errand = errands.override(sighting(), refused("closed_now"), { reason: "late", looked: true }, named);
  await errand.send(() => {});
  const [[address, body]] = sent;
  const { attempt_id: id, scanned_at: at, ...rest } = body;
  assert.equal(address, "/api/v1/scans");
  assert.deepEqual(rest, {
    mode: "redeem", operator: "op_a", can_confirm: true, token: "T", follows: "a1", identity_confirmed: true,
    override: { reason: "late", rules: ["closed_now"] },
  });
  assert.ok(id && at);
  assert.deepEqual([heard, errand.settles, named.pin], [["told before T", "T redeemed"], "a1", null]);
});

test("what was found by name is overridden by its reference again", async () => {
  const entry = { kind: "reference", text: "V-1", voucher: null };
  const named = { id: "op_a", name: "Ada", pin: null };
  const found = errands.byReference(entry, { reason: "no phone", rules: [], because: "" }, named);
  const again = sighting({ entry, errand: found });
  await errands.override(again, refused("closed_now"), { reason: "late", looked: false }, named).send(() => {});
  const [, { reference, reason, override, identity_confirmed: looked, token }] = sent[0];
  assert.deepEqual([reference, reason, looked, token], ["V-1", "no phone", true, undefined]);
  assert.deepEqual(override, { reason: "late", rules: ["closed_now"] });
  await errands.byReference(entry, { reason: "no phone", rules: ["expired"], because: "late" }, named).send(() => {});
  assert.deepEqual(sent[1][1].override, { reason: "late", rules: ["expired"] });
});

test("a PIN that was used up by an answer that got lost is given once more, and then forgotten", async () => {
  const named = { id: "op_a", name: "Ada", pin: "860135" };
  const undo = errands.undo("a1", "mistake", named);
  replies = [{ kind: "silence", reason: "network" }, { kind: "problem", status: 422, sentence: "no" }, answered({ verdict: "undone" })];
  assert.equal((await undo.send(() => {})).kind, "silence");
  assert.equal((await undo.send(() => {})).answer.verdict, "undone");
  assert.deepEqual(sent.map(([address]) => address), Array(3).fill("/api/v1/scans/a1/undo"));
  assert.deepEqual(signIns, [["op_a", "860135"]]);
  assert.deepEqual([named.pin, heard], [null, ["sent a1", "sent a1", "undone a1"]]);
});

test("a refund says how many and whether they can be handed out again", async () => {
  replies = [answered({ verdict: "refunded" })];
  const named = { id: "op_a", name: "Ada", pin: null };
  await errands.refund("a1", { reason: "broken", uses: 2, usable: true }, named).send(() => {});
  assert.deepEqual(sent, [["/api/v1/scans/a1/refund", { reason: "broken", usable: true, operator: "op_a", uses: 2 }]]);
});

test("the desk shows what came of an errand in the place of the refusal", async () => {
  const shown = [];
  const desk = new Desk({
    scans: {}, repeats: new Repeats(), mode: () => "redeem", monotonic: () => 0, onOutcome: () => {},
    stage: {
      isBusy: () => false, holds: () => false, wait: () => {}, stillWaiting: () => {},
      show: ({ errand }, { answer }) => shown.push([errand.settles, answer.verdict]),
    },
  });
  const errand = { settles: "a1", send: async () => answered({ verdict: "redeemed" }) };
  await desk.follow(sighting(), { errand });
  await desk.again();
  assert.deepEqual(shown, [["a1", "redeemed"], ["a1", "redeemed"]]);
});

/** A desk whose errands go to the server of `errands`; `ended` is what it was told of holds. */
function deskOf() {
  const ended = [];
  const desk = new Desk({
    scans: { end: async (entry, mode, looked, ends) => (ended.push([entry, looked.uses, ends.how, ends.attemptId]), answered({ verdict: "redeemed" })) },
    repeats: new Repeats(), mode: () => "redeem", monotonic: () => 0, onOutcome: () => {},
    stage: { isBusy: () => false, holds: () => false, wait: () => {}, stillWaiting: () => {}, show: () => {} },
  });
  return { desk, ended };
}

test("what a supervisor redeems counts once it was handed over, where the perk wants it so", async () => {
  const { desk, ended } = deskOf();
  const entry = { kind: "reference", text: "V-1", voucher: null };
  const errand = errands.byReference(entry, { reason: "no phone", rules: [], because: "" }, { id: "op_a", name: "Ada", pin: null });
  replies = [answered({ verdict: "reserved", voucher: { reference: "V-1" } }, "h1")];
  await desk.follow({ entry, mode: "redeem" }, { errand, uses: 2 });
  assert.equal(sent[0][1].can_confirm, true);
  await desk.end("confirm");
  assert.deepEqual(ended, [[entry, 2, "confirm", "h1"]]);
  assert.deepEqual([desk.current.errand, desk.current.ends.errand], [null, errand]);
  const { described } = Outcomes.prototype, over = answered({ verdict: "reserved" });
  assert.equal(described.call({}, sighting({ errand, heldUntil: -1 }), over, { now: new Date() }).name, "hold_over");
});

test("who is looked at after a supervisor's word has that word still, and its PIN until then", async () => {
  const { desk } = deskOf();
  const named = { id: "op_a", name: "Ada", pin: "860135" };
  const scanned = sighting({ uses: 2 });
  const errand = errands.override(scanned, refused("closed_now"), { reason: "late", looked: false }, named);
  replies = [answered({ verdict: "identity_required" }, "a2"), { kind: "problem", status: 422, sentence: "no" }];
  await desk.follow(scanned, { errand, uses: 2 });
  assert.equal(named.pin, "860135");
  await desk.confirm();
  const [[, first], [, asked], [, again]] = sent;
  assert.deepEqual([first.follows, first.identity_confirmed], ["a1", undefined]);
  assert.deepEqual([asked.follows, asked.identity_confirmed, asked.uses, asked.override], ["a2", true, 2, first.override]);
  assert.notEqual(asked.attempt_id, first.attempt_id);
  assert.deepEqual([again, signIns], [asked, [["op_a", "860135"]]]);
  assert.deepEqual([named.pin, desk.current.errand.settles, desk.current.identityConfirmed], [null, "a1", true]);
});

test("a PIN is forgotten as soon as staff say that it is somebody else", async () => {
  const { desk } = deskOf();
  const named = { id: "op_a", name: "Ada", pin: "860135" };
  const errand = errands.override(sighting(), refused("closed_now"), { reason: "late", looked: false }, named);
  replies = [answered({ verdict: "identity_required" }, "a2")];
  await desk.follow(sighting(), { errand });
  desk.dismissed();
  assert.equal(named.pin, null);
});

test("from the tap on, and not only once the dialog is there, no camera changes the subject", async () => {
  let refreshed;
  const opened = [];
  const supervisor = Object.assign(Object.create(Supervisor.prototype), {
    coming: 0, connection: { state: "connected" }, there: { supervisors: [{}], holder: null, may: ALL },
    refresh: () => new Promise((resolve) => { refreshed = resolve; }),
    decision: { isOpen: false, ask: () => opened.push("decision") },
    finding: { isOpen: false, open() { opened.push("finding"); this.isOpen = true; } },
  });
  for (const tap of [() => supervisor.find(), () => supervisor.decide(sighting(), refused("closed_now"))]) {
    supervisor.finding.isOpen = false;
    assert.equal(supervisor.isAsked, false);
    const done = tap();
    assert.deepEqual([supervisor.isAsked, supervisor.isOpen], [true, false]);
    refreshed();
    await done;
  }
  assert.deepEqual(opened, ["finding", "decision"]);
});

test("a refund is told with what the member gets, or why not yet", () => {
  const scene = { now: new Date() };
  const told = (more) => describeRefund(answered({ verdict: "refunded", voucher: { reference: "V-1" }, ...more }), scene);
  assert.equal(told({ replacement: "V-2", owed: null, rest: null }).sentence, "A new voucher was sent to them: V-2.");
  const owed = told({ replacement: null, owed: "stock", rest: "V-3" });
  assert.equal(owed.sentence, "None is left. A new one is sent to them as soon as one can.");
  assert.deepEqual([owed.tone, owed.details.notes], ["checked", ["What was left is now in V-3."]]);
  const no = describeRefund({ kind: "problem", status: 409, sentence: "It was not redeemed." }, scene);
  assert.deepEqual([no.word, no.sentence, no.details.action], ["Not refunded", "It was not redeemed.", ""]);
});

test("a refusal is told in the language of the device", async () => {
  const reply = (status, body) => async () => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });
  const named = { id: "op_a", name: "Ada", pin: "860135" };
  speak("de");
  const wrong = new Server(reply(403, { title: "wrong_pin", left: 4 }));
  assert.equal(await wrong.signIn(named), "Falsche PIN. Noch 4 Versuche.");
  const often = new Server(async (address) => reply(...(address.endsWith("search") ? [429, { title: "too_many_searches" }] : [200, {}]))());
  assert.match((await often.search("ada", named)).complaint, /^Zu viele Suchen/);
  assert.match(await new Server(async () => { throw new TypeError(); }).signIn(named), /antwortet nicht/);
  const login = new Server(async () => new Response("<html>", { headers: { "Content-Type": "text/html" } }));
  assert.match(await login.signIn(named), /antwortet nicht/);
  speak("en");
  assert.equal(await new Server(reply(404, { title: "moon", detail: "No moon." })).signIn(named), "No moon.");
});

test("all that a supervisor reads is there in every language", () => {
  const said = (each) => (typeof each.en !== "undefined" ? [each] : Object.values(each).flatMap(said));
  const all = [FIND, ...Object.values(words)].flatMap(said);
  assert.ok(all.length > 60);
  for (const each of all) assert.deepEqual(Object.keys(each), Object.keys(LANGUAGES));
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { handedOver } from "../../kiosk/static/hold/alone.js";
import { heldFor, minutes } from "../../kiosk/static/hold/held.js";
import { ASKED_FOR_MS, forgetHold, keepHold, keptHolds } from "../../kiosk/static/hold/kept.js";
import { describeEnd, describeOver } from "../../kiosk/static/hold/shown.js";
import { Desk } from "../../kiosk/static/desk.js";
import { Repeats } from "../../kiosk/static/repeats.js";
import { Scans } from "../../kiosk/static/scans.js";
import { offer } from "../../kiosk/static/steps.js";
import { describe } from "../../kiosk/static/verdict.js";

const scene = { now: new Date("2031-05-03T12:00:10Z"), timeZone: "Europe/Berlin" };
const entry = { kind: "code", text: "0000-0000-0000G", voucher: null };
const another = { kind: "token", text: "ANOTHER", voucher: null };
const looked = { identityConfirmed: false, follows: null, uses: 1 };
const held = {
  verdict: "reserved", message: "Hand it over, then confirm.", uses: 2,
  voucher: { reference: "V-1", perk: { number: 7, name: "Mug" }, uses_left: 3, valid_until: null },
  server_time: "2031-05-03T12:00:00Z", hold: { until: "2031-05-03T12:02:00Z" },
};
const outcome = (answer, waitedMs = 0) => ({ kind: "answer", answer, waitedMs, attemptId: "a-1" });
const silence = { kind: "silence", reason: "network" };
const ends = (how) => ({ how, attemptId: "a-1", held });
const lost = () => { throw new TypeError("no network"); };

test("the time that is left is counted by the server's clock, less what the answer took", () => {
  assert.equal(heldFor(outcome(held)), 120_000);
  assert.equal(heldFor(outcome(held, 9000)), 111_000);
  assert.equal(heldFor(outcome(held, 500_000)), 0);
  assert.equal(heldFor(outcome({ ...held, hold: { until: "2031-05-03T19:00:00Z" } })), 120_000);
  assert.equal(heldFor(outcome({ ...held, hold: null })), 0);
  assert.deepEqual([minutes(120_000), minutes(59_001), minutes(1), minutes(-5)], ["2:00", "1:00", "0:01", "0:00"]);
});

/** A desk with a hold on its screen, and what became of it. */
async function desk(answer = held) {
  const [asked, shown] = [[], []];
  let now = 0, holds = false;
  const made = new Desk({
    repeats: new Repeats(), mode: () => "redeem", monotonic: () => now, onOutcome: () => {},
    scans: {
      ask: async (given, mode, more) => { asked.push(["ask", more.uses]); return outcome(answer, 1000); },
      end: async (given, mode, more, ended) => {
        asked.push([ended.how, ended.attemptId, more.uses]);
        return outcome({ ...held, verdict: ended.how === "confirm" ? "redeemed" : "released" });
      },
    },
    stage: {
      isBusy: () => false, holds: () => holds, wait: () => {}, stillWaiting: () => {},
      show: (sighting, told) => { shown.push([told.answer?.verdict ?? told.kind, sighting.heldUntil > now]); holds = offer(sighting, told, now).holds; },
    },
  });
  await made.given(entry);
  return { made, asked, shown, later: (ms) => { now += ms; } };
}

test("what is held stays on the screen until staff say what became of it", async () => {
  const { made, asked, shown } = await desk();
  await made.seen(another);
  assert.deepEqual(asked, [["ask", 1]]);
  await made.end("confirm");
  await made.end("confirm");
  assert.deepEqual(asked.slice(1), [["confirm", "a-1", 1]]);
  assert.deepEqual(shown.map(([verdict]) => verdict), ["reserved", "redeemed"]);
  await made.more(2);
  assert.deepEqual(asked.at(-1), ["ask", 2]);
});

test("what is held has its turn again once something else that was asked for is done", async () => {
  const { made, asked, shown } = await desk();
  const errand = { send: async () => ({ ...outcome({ ...held, verdict: "redeemed" }), attemptId: "e-1" }) };
  await made.follow({ entry: another, mode: "redeem" }, { errand });
  await made.given(entry);
  await made.follow({ entry: another, mode: "redeem" }, { errand });
  made.dismissed();
  assert.deepEqual(shown.map(([verdict]) => verdict), ["reserved", "redeemed", "reserved", "redeemed", "reserved"]);
  await made.end("confirm");
  assert.deepEqual(asked.at(-1), ["confirm", "a-1", 1]);
  made.dismissed();
  assert.equal(made.current, null);
});

test("what became of a hold is asked again where the server did not hear it, whatever came between", async () => {
  const { made } = await desk();
  made.scans.end = async () => silence;
  await made.end("confirm");
  const errand = { send: async () => silence };
  await made.follow({ entry: another, mode: "redeem" }, { errand });
  made.dismissed();
  assert.equal(made.current.ends.attemptId, "a-1");
  await made.again();
  assert.deepEqual(made.later, []);
});

test("all that was held before the page was loaded anew has its turn", async () => {
  const { made, shown } = await desk();
  await made.end("confirm");
  const kept = (given, id) => ({ sighting: { entry: given, mode: "redeem", ...looked }, outcome: { ...outcome(held), attemptId: id } });
  made.resume(kept(entry, "a-3"), 5000);
  made.resume(kept(another, "a-4"), 9000);
  await made.end("release");
  made.dismissed();
  assert.deepEqual([made.current.outcome.attemptId, shown.at(-1)], ["a-4", ["reserved", true]]);
});

test("when its two minutes are over it is asked all the same", async () => {
  const { made, asked, shown, later } = await desk();
  later(118_999);
  made.refresh();
  later(1);
  made.refresh();
  assert.deepEqual(shown, [["reserved", true], ["reserved", true], ["reserved", false]]);
  await made.end("release");
  assert.equal(asked.at(-1)[0], "release");
});

test("who comes back with what was not handed over is asked about at once", async () => {
  const { made, asked } = await desk();
  await made.end("release");
  await made.given(entry);
  assert.deepEqual(asked.map(([what]) => what), ["ask", "release", "ask"]);
});

test("staff are told what is held, that it ran out, and asked until they choose", () => {
  const sighting = { mode: "redeem", heldUntil: 5 };
  const during = offer(sighting, outcome(held), 4), after = offer(sighting, outcome(held), 5);
  assert.deepEqual(during, { steps: { handed_over: "Handed over", not_handed_over: "Not handed over" }, next: "", holds: true });
  assert.equal(after.steps.handed_over, "Handed over all the same");
  assert.equal(describe(outcome(held), scene).name, "reserved");
  const over = describeOver(outcome(held), scene);
  assert.deepEqual([over.name, over.tone, over.details.action], ["hold_over", "unsure", ""]);
});

test("a late hand-over that the record does not accept is a conflict, and not a refusal", () => {
  const refused = outcome({ ...held, verdict: "already_redeemed", conflict: "c-1" });
  const shown = describeEnd(refused, ends("confirm"), scene);
  assert.deepEqual([shown.name, shown.word, shown.details.action], ["conflict", "Conflict", ""]);
  assert.match(shown.sentence, /the record says “Used”.*organiser/);
  const done = describeEnd(outcome({ ...held, verdict: "redeemed" }), ends("confirm"), scene);
  assert.deepEqual([done.tone, done.details.action], ["good", "Handed over:"]);
});

test("what the server did not hear is asked for again, and the next code waits", () => {
  const sighting = { mode: "redeem", ends: ends("confirm"), heldUntil: 0 };
  assert.deepEqual(offer(sighting, silence), { steps: { again: "Try again" }, next: "", holds: true });
  assert.equal(offer(sighting, { kind: "problem", status: 409, sentence: "No." }).next, "Next");
  assert.equal(describeEnd(silence, ends("confirm"), scene).word, "Not saved");
});

/** A kiosk whose server holds, and is then out of reach. */
function away(alone) {
  const paths = [];
  const nobody = { isAble: false, isLost: false, asks: async () => {}, unanswered: async () => {}, heard: async () => {}, handedOver: async () => null, cameBack: () => {} };
  const scans = new Scans({
    fetch: async (path) => { paths.push(path); return lost(); }, monotonic: () => 0, pause: async () => {},
  }, { ...nobody, ...alone });
  return { scans, paths };
}

test("a hand-over that the server does not hear is kept by the device, or told again and again", async () => {
  const { scans, paths } = away({ isAble: true, handedOver: async ({ id, scan }) => outcome({ id, scan }) });
  const { answer } = await scans.end(entry, "redeem", looked, ends("confirm"));
  assert.deepEqual([answer.id, answer.scan.attempt_id, answer.scan.code], ["a-1", "a-1", entry.text]);
  assert.deepEqual(paths, ["/api/v1/scans/a-1/confirm"]);
  const alone = away({});
  assert.equal((await alone.scans.end(entry, "redeem", looked, ends("confirm"))).kind, "silence");
  assert.equal(alone.paths.length, 3);
});

test("what was not handed over needs no server: its time ends it", async () => {
  const { scans } = away({ isAble: true, timeZone: "Europe/Berlin" });
  const { answer } = await scans.end(entry, "redeem", looked, ends("release"));
  assert.equal(answer.verdict, "released");
  assert.match(answer.message, /free again at 14:02 by itself/);
});

test("the kept hand-over is the attempt that held, claimed, with the voucher's uses taken off", async () => {
  const kept = [];
  const reading = { moment: Date.parse("2031-05-03T12:01:00Z"), judged: { judged_at: "x", synced_at: "y", skew_ms: 7 } };
  const alone = {
    synced: { reading, asOf: reading.moment, terms: null },
    keep: async (asking, decision) => kept.push([asking.id, decision.verdict, decision.name]),
  };
  const { answer } = await handedOver(alone, { id: "a-1", entry, uses: 2 }, held);
  assert.equal(kept.length, 1);
  assert.deepEqual(kept[0].slice(0, 2), ["a-1", "redeemed"]);
  assert.equal(kept[0][2].length, 16);
  assert.deepEqual([answer.voucher.uses_left, answer.own.isFinal, answer.message_key], [1, true, "redeemed"]);
  assert.equal(describe(outcome(answer), scene).tone, "later");
  // What a supervisor found has no code here: it is known by the name that the server said.
  const found = { kind: "reference", text: "V-1", voucher: null };
  assert.equal(await handedOver(alone, { id: "a-2", entry: found, uses: 1 }, held), null);
  await handedOver(alone, { id: "a-2", entry: found, uses: 1 }, { ...held, voucher: { ...held.voucher, sync_name: "its name" } });
  assert.deepEqual(kept.slice(1), [["a-2", "redeemed", "its name"]]);
  alone.keep = async () => { throw new Error("the disk is full"); };
  assert.equal(await handedOver(alone, { id: "a-1", entry, uses: 2 }, held), null);
});

test("a hold is remembered through a reload, until it was ended or nobody knows any more", () => {
  const shelf = new Map();
  const storage = {
    getItem: (key) => shelf.get(key) ?? null, setItem: (key, value) => shelf.set(key, value), removeItem: (key) => shelf.delete(key),
  };
  const ids = (now) => keptHolds(storage, now).map((kept) => kept.outcome.attemptId);
  keepHold(storage, { entry, mode: "redeem", ...looked }, outcome(held), 1000);
  keepHold(storage, { entry: another, mode: "redeem", ...looked, errand: {} }, { ...outcome(held), attemptId: "a-2" }, 1500);
  const [first] = keptHolds(storage, 2000);
  assert.deepEqual([first.until, first.sighting.entry], [121_000, entry]);
  assert.deepEqual([ids(2000), ids(121_000 + ASKED_FOR_MS)], [["a-1", "a-2"], ["a-2"]]);
  assert.deepEqual(keptHolds(storage, 2000).map(({ sighting }) => sighting.supervised), [false, true]);
  forgetHold(storage, "a-1");
  assert.deepEqual(ids(2000), ["a-2"]);
  forgetHold(storage, "a-2");
  assert.equal(shelf.size, 0);
  for (const text of ["{", "null", '{"sighting": {}, "until": 5}']) {
    shelf.set("keepsake.held", text);
    assert.deepEqual(ids(2000), []);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { PATIENCE_MS, Scans } from "../../kiosk/static/scans.js";
import { voucherOf } from "../../kiosk/static/entry.js";
import { HandOvers } from "../../kiosk/static/offline/hand-overs.js";
import { describe } from "../../kiosk/static/verdict.js";
import { offer } from "../../kiosk/static/steps.js";
import { spoken } from "../../kiosk/static/spoken.js";

const entry = { kind: "token", text: "TOKEN", voucher: null };
const yes = { verdict: "redeemed", message: "Hand it over." };
const lost = () => { throw new TypeError("no network"); };
const never = () => new Promise(() => {});
const plain = { identityConfirmed: false };

const own = (verdict, isFinal = true) => ({
  isFinal,
  outcome: {
    kind: "answer", waitedMs: 0, attemptId: "a",
    answer: { verdict, message: "Own words.", server_time: "2026-11-27T11:05:00Z", own: { asOf: "2026-11-27T11:00:00Z", unchecked: ["stock", "held"], isFinal } },
  },
});

/** A kiosk that may decide itself, before a server that answers in this order. */
function kiosk({ decides = own("redeemed"), isLost = false, isAble = true, owes = [] }, ...answers) {
  const [sent, heard, pauses] = [[], [], []];
  let cameBack = 0;
  const alone = {
    isAble, isLost,
    owes: async () => owes.shift() ?? false,
    tell: async () => { heard.push(["tell"]); },
    decide: async (asking) => { heard.push(["decide", asking.id]); return decides; },
    asks: async () => {}, unanswered: async () => {},
    heard: async (asking, answer) => { heard.push(["heard", answer.verdict]); },
    cameBack: () => { cameBack += 1; },
    sent: async (id) => { heard.push(["sent", id]); },
    undone: async (id) => { heard.push(["undone", id]); },
  };
  const scans = new Scans({
    fetch: async (address, init) => { sent.push(JSON.parse(init.body)); return answers.shift()(); },
    monotonic: () => 0,
    pause: async (ms) => { pauses.push(ms); await new Promise(setImmediate); },
  }, alone);
  return { scans, sent, heard, pauses, returns: () => cameBack };
}

test("where the network fails at once, the device decides the attempt that was sent", async () => {
  const { scans, sent, heard } = kiosk({}, lost);
  const outcome = await scans.ask(entry, "redeem", plain);
  assert.equal(outcome.answer.message, "Own words.");
  assert.deepEqual(heard, [["decide", sent[0].attempt_id]]);
});

test("it waits a second and a half where the server might answer, and not at all where it is lost", async () => {
  const slow = kiosk({}, never);
  await slow.scans.ask(entry, "redeem", plain);
  assert.deepEqual(slow.pauses, [PATIENCE_MS]);
  const away = kiosk({ isLost: true }, never);
  await away.scans.ask(entry, "redeem", plain);
  assert.deepEqual(away.pauses, []);
  assert.equal(away.sent.length, 1);
});

test("what this device handed out for it is told before the server is asked, or it decides alone", async () => {
  const told = kiosk({ owes: [true, false] }, () => Response.json(yes));
  assert.equal((await told.scans.ask(entry, "redeem", plain)).answer.message, "Hand it over.");
  assert.deepEqual(told.heard, [["tell"], ["heard", "redeemed"]]);
  const untold = kiosk({ owes: [true, true], decides: own("already_redeemed") }, () => Response.json(yes));
  assert.equal((await untold.scans.ask(entry, "redeem", plain)).answer.verdict, "already_redeemed");
  assert.deepEqual(untold.sent, [], "the server would hand it out once more");
});

test("an answer in time is the server's, and is remembered", async () => {
  const { scans, heard } = kiosk({}, () => Response.json(yes));
  assert.equal((await scans.ask(entry, "redeem", plain)).answer.message, "Hand it over.");
  assert.deepEqual(heard, [["heard", "redeemed"]]);
});

test("an answer that comes too late says only that the server is there", async () => {
  let answer = () => {};
  const late = () => new Promise((resolve) => { answer = () => resolve(Response.json(yes)); });
  const { scans, heard, returns } = kiosk({}, late);
  await scans.ask(entry, "redeem", plain);
  answer();
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(returns(), 1);
  assert.equal(heard.length, 1);
});

test("what was decided is over, and what needs the server goes on under the same attempt", async () => {
  const done = kiosk({}, lost, lost);
  await done.scans.ask(entry, "redeem", plain);
  await done.scans.ask(entry, "redeem", plain);
  assert.notEqual(done.sent[0].attempt_id, done.sent[1].attempt_id);
  const needs = kiosk({ decides: own("online_required", false) }, lost, lost, lost, () => Response.json(yes));
  assert.equal((await needs.scans.ask(entry, "redeem", plain)).answer.verdict, "online_required");
  assert.equal((await needs.scans.ask(entry, "redeem", plain)).answer.verdict, "redeemed");
  assert.equal(new Set(needs.sent.map((each) => each.attempt_id)).size, 1);
});

test("who knows too little asks on as ever", async () => {
  const { scans } = kiosk({ decides: null, isAble: false }, lost, lost, lost);
  assert.equal((await scans.ask(entry, "redeem", plain)).kind, "silence");
});

test("an undo waits for the redemption to be sent, and is told on", async () => {
  const { scans, heard } = kiosk({}, () => Response.json({ verdict: "undone", message: "Undone." }));
  await scans.undo("a-1", "Wrong person");
  assert.deepEqual(heard, [["sent", "a-1"], ["undone", "a-1"]]);
});

test("a hand-over that is not confirmed has its own look, and says what nobody checked", () => {
  const scene = { now: new Date("2026-11-27T11:05:00Z"), timeZone: "Europe/Berlin" };
  const shown = describe(own("redeemed").outcome, scene);
  assert.deepEqual([shown.tone, shown.shape, shown.word], ["later", "check-later", "Accepted"]);
  assert.equal(
    shown.details.own,
    "Not yet confirmed.\nKnown as of 12:00 (5 min ago). Not checked: stock and other desks.",
  );
  assert.match(spoken(shown), /^Accepted\. Hand over: the perk\. Not yet confirmed/);
  assert.deepEqual(offer({ mode: "redeem" }, own("redeemed").outcome).steps, {});
  assert.deepEqual(offer({ mode: "redeem" }, own("online_required", false).outcome).steps, { again: "Try again" });
});

test("a typed code is its voucher's id", () => {
  const id = "00000000000004fd";
  assert.equal(voucherOf({ kind: "code", text: "0000-0000-0017X", voucher: null }), id);
  assert.equal(voucherOf({ kind: "token", text: "T", voucher: id }), id);
});

test("what was handed over is forgotten once it is recorded and its voucher is long over", async () => {
  const at = "2026-11-20T10:00:00Z", until = "2026-11-21T10:00:00Z";
  const kept = [
    { id: "a", until, recorded: 3 }, { id: "b", until, recorded: null }, { id: "c", until: null, recorded: 9 },
  ].map((each) => ({ ...each, name: "n", uses: 1, at, station: "s", device: "d", operator: null }));
  const forgotten = [], written = [];
  const here = new HandOvers({
    handOvers: async () => kept,
    forgetHandOvers: async (ids) => { forgotten.push(...ids); },
    remember: async (each) => { written.push(...each); },
  });
  await here.open();
  await here.prune(Date.parse("2026-11-27T10:00:00Z"));
  assert.deepEqual(forgotten, ["a"]);
  assert.equal(here.lastRecorded, 9);
  await here.recorded(["b", "c", "unknown"], 12);
  assert.deepEqual(here.list.map(({ recorded }) => recorded), [12, 9]);
  assert.deepEqual(written.map(({ id }) => id), ["b"]);
});

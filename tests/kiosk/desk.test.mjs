import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Desk } from "../../kiosk/static/desk.js";
import { Repeats } from "../../kiosk/static/repeats.js";

let now, mode, asked, screen, heard, holds, desk;

beforeEach(() => {
  [now, mode, asked, screen, heard, holds] = [0, "redeem", [], [], [], false];
  desk = new Desk({
    repeats: new Repeats(),
    scans: {
      ask: (entry, mode, { identityConfirmed, follows }) =>
        new Promise((answer) => asked.push({ entry, mode, confirmed: identityConfirmed, follows, answer })),
      undo: (id, reason) => new Promise((answer) => asked.push({ id, reason, answer })),
    },
    mode: () => mode,
    monotonic: () => now,
    onOutcome: (sighting) => heard.push(sighting.entry.text),
    stage: {
      isBusy: () => false,
      holds: () => holds,
      wait: () => screen.push("wait"),
      stillWaiting: () => {},
      show: ({ entry }, outcome, repeated) =>
        screen.push(`${entry.text} ${outcome.answer?.verdict ?? outcome.kind}${repeated ? " again" : ""}`),
    },
  });
});

const entry = (text, voucher = null) => ({ kind: "token", text, voucher });
const yes = { kind: "answer", answer: { verdict: "redeemed" } };
const no = { kind: "answer", answer: { verdict: "live_required" } };

/** Answers the scan that was asked about as number `index`. */
async function answer(index, outcome) {
  asked[index].answer(outcome);
  await new Promise(setImmediate);
}

/** Shows a code to the camera, frame by frame, until `until`. */
function hold(text, until, voucher = null) {
  for (; now <= until; now += 100) desk.seen(entry(text, voucher));
}

test("a code that stays before the camera is asked about once", async () => {
  hold("A", 300);
  await answer(0, yes);
  hold("A", 20_000);
  assert.equal(asked.length, 1);
  now += 5100;
  desk.seen(entry("A"));
  assert.equal(asked.length, 2);
});

test("a refused code may be shown again as soon as it was away and has rested", async () => {
  hold("A", 300);
  await answer(0, no);
  hold("A", 4000);
  now = 5600;
  desk.seen(entry("A"));
  assert.equal(asked.length, 2);
});

test("the wallet's next code of an accepted voucher is the same voucher", async () => {
  hold("A", 300, "v1");
  await answer(0, yes);
  hold("B", 3000, "v1");
  assert.equal(asked.length, 1);
});

test("the live code after a refused picture is asked about at once", async () => {
  hold("A", 300, "v1");
  await answer(0, no);
  hold("B", 500, "v1");
  assert.equal(asked.length, 2);
});

test("the same code is asked about anew when the mode changes", async () => {
  mode = "check";
  hold("A", 300);
  await answer(0, yes);
  mode = "redeem";
  hold("A", 600);
  assert.equal(asked.length, 2);
});

test("a new code does not wait for the last, and no answer is lost", async () => {
  hold("A", 300);
  hold("B", 600);
  assert.equal(asked.length, 2);
  await answer(1, yes);
  await answer(0, no);
  assert.deepEqual(screen, ["wait", "wait", "B redeemed"]);
  desk.dismissed();
  assert.equal(screen.at(-1), "A live_required");
  assert.deepEqual(heard, ["B", "A"]);
  desk.dismissed();
  assert.equal(screen.length, 4);
});

test("a trigger pulled twice shows the answer again and asks once", async () => {
  desk.given(entry("A"));
  await answer(0, yes);
  now = 2000;
  desk.given(entry("A"));
  assert.equal(asked.length, 1);
  assert.equal(screen.at(-1), "A redeemed again");
});

test("a code that is given again and again is asked about when its answer has rested", async () => {
  desk.given(entry("A"));
  await answer(0, yes);
  for (now of [2000, 4000]) desk.given(entry("A"));
  assert.equal(asked.length, 1);
  now = 5500;
  desk.given(entry("A"));
  assert.equal(asked.length, 2);
});

test("a code left without an answer is asked about again when it is given again", async () => {
  desk.given(entry("A"));
  await answer(0, { kind: "silence", reason: "timeout" });
  desk.given(entry("A"));
  assert.equal(asked.length, 2);
});

const who = { kind: "answer", answer: { verdict: "identity_required" }, attemptId: "a-0" };
const undone = { kind: "answer", answer: { verdict: "undone" } };

test("what staff have looked at is asked about anew, in the mode it was scanned in", async () => {
  mode = "check";
  desk.given(entry("A"));
  await answer(0, who);
  mode = "redeem";
  desk.confirm();
  assert.deepEqual([asked[1].entry.text, asked[1].mode, asked[1].confirmed], ["A", "check", true]);
  assert.deepEqual([asked[0].confirmed, asked[0].follows, asked[1].follows], [false, null, "a-0"]);
  desk.confirm();
  assert.equal(asked.length, 2);
});

test("no other code takes the place of a question to staff", async () => {
  hold("A", 300);
  await answer(0, who);
  holds = true;
  hold("B", 9000);
  assert.equal(asked.length, 1);
  holds = false;
  hold("B", 9200);
  assert.equal(asked.length, 2);
});

test("the code that staff are asked about is not asked about again while it is held up", async () => {
  hold("A", 300);
  await answer(0, who);
  holds = true;
  hold("A", 20_000);
  holds = false;
  hold("A", 21_000);
  assert.equal(asked.length, 1);
});

test("one more use is a new attempt for the same person", async () => {
  desk.given(entry("A"));
  await answer(0, who);
  desk.confirm();
  await answer(1, yes);
  desk.more();
  assert.deepEqual([asked[2].entry.text, asked[2].confirmed, asked[2].follows], ["A", true, "a-0"]);
  await answer(2, yes);
  hold("A", now + 3000);
  assert.equal(asked.length, 3);
});

test("a code that still lies there after an undo is not redeemed again", async () => {
  hold("A", 300);
  await answer(0, yes);
  desk.undo(desk.current, "a-1", "Wrong person");
  assert.deepEqual([asked[1].id, asked[1].reason], ["a-1", "Wrong person"]);
  await answer(1, undone);
  assert.equal(screen.at(-1), "A undone");
  hold("A", 20_000);
  assert.equal(asked.length, 2);
  now += 2000;
  desk.seen(entry("A"));
  assert.equal(asked[2].entry.text, "A");
});

test("the wallet's next code after an undo is not redeemed again, unless somebody gives it", async () => {
  hold("A", 300, "v-1");
  await answer(0, yes);
  desk.undo(desk.current, "a-1", "Wrong item");
  await answer(1, undone);
  for (const text of ["A", "B", "C"]) hold(text, now + 30_000, "v-1");
  assert.equal(asked.length, 2);
  desk.given(entry("C", "v-1"));
  assert.equal(asked.length, 3);
});

test("an undo that got no answer is asked for again, and no scan is", async () => {
  desk.given(entry("A"));
  await answer(0, yes);
  desk.undo(desk.current, "a-1", "Wrong person");
  await answer(1, { kind: "silence", reason: "network" });
  desk.again();
  assert.equal(asked[2].id, "a-1");
});

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Desk } from "../../kiosk/static/desk.js";
import { Repeats } from "../../kiosk/static/repeats.js";

let now, mode, asked, screen, heard, desk;

beforeEach(() => {
  [now, mode, asked, screen, heard] = [0, "redeem", [], [], []];
  desk = new Desk({
    repeats: new Repeats(),
    scans: { ask: (entry) => new Promise((answer) => asked.push({ entry, answer })) },
    mode: () => mode,
    monotonic: () => now,
    onOutcome: (sighting) => heard.push(sighting.entry.text),
    stage: {
      isBusy: () => false,
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

import assert from "node:assert/strict";
import { test } from "node:test";

import { canUndo, offer } from "../../kiosk/static/steps.js";

/** What is offered about an answer. */
function offered(verdict, perk = {}, { mode = "redeem", left = 0 } = {}) {
  const voucher = { reference: "V-1", perk, uses_left: left, valid_until: "2031-05-04T16:00:00Z" };
  return offer({ mode }, { kind: "answer", answer: { verdict, voucher }, waitedMs: 4, attemptId: "a" });
}

test("a question about who it is has one yes, one no, and its time", () => {
  assert.deepEqual(offered("identity_required", { kind: "item", identity: true }), {
    steps: { confirm: "Checked: hand it over" }, next: "Not this person", holds: true,
  });
  const age = offered("identity_required", { kind: "priority_entry", minimum_age: 18 });
  assert.deepEqual([age.steps.confirm, age.next], ["Checked: let them in first", "Not old enough"]);
});

test("who only checks is not told to hand over", () => {
  const { steps } = offered("identity_required", { kind: "item" }, { mode: "check" });
  assert.deepEqual(steps, { confirm: "Checked: they may have it" });
});

test("who has no phone can be looked at, and an age is named", () => {
  assert.deepEqual(offered("live_required").steps, { no_phone: "No phone? I checked who it is" });
  assert.match(offered("live_required", { minimum_age: 18 }).steps.no_phone, /that they are 18/);
  const unknown = { kind: "answer", answer: { verdict: "live_required", voucher: null } };
  assert.deepEqual(offer({ mode: "redeem" }, unknown).steps, {});
});

test("a redemption can be undone, and taken once more where uses are left", () => {
  assert.deepEqual(offered("redeemed").steps, { undo: "Undo" });
  const { steps } = offered("redeemed", {}, { left: 2 });
  assert.deepEqual(steps, { one_more: "One more (2 left)", undo: "Undo" });
});

test("nothing else can be undone, and only what got no answer is tried again", () => {
  for (const verdict of ["valid", "undone", "expired", "out_of_stock"]) {
    assert.deepEqual(offered(verdict, {}, { left: 1 }), { steps: {}, next: "Next", holds: false });
  }
  const silence = { kind: "silence", reason: "timeout" };
  assert.deepEqual(offer({ mode: "redeem" }, silence).steps, { again: "Try again" });
  assert.equal(canUndo(silence), false);
});

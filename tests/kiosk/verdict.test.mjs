import assert from "node:assert/strict";
import { test } from "node:test";

import { when } from "../../kiosk/static/moments.js";
import { spoken } from "../../kiosk/static/spoken.js";
import { describe, describeUndo, repeated } from "../../kiosk/static/verdict.js";

const scene = {
  now: new Date("2031-05-03T13:00:00Z"), timeZone: "Europe/Berlin",
};
const voucher = {
  reference: "V-7KQ2M9XA", perk: { number: 7, name: "Enamel pin" }, uses_left: 0,
  valid_until: "2031-05-04T16:00:00Z",
};

/** What the page shows for an answer. */
function shown(verdict, more = {}, waitedMs = 40) {
  const answer = { verdict, message: "A sentence.", voucher, member: { display_name: "Ada" }, ...more };
  return describe({ kind: "answer", answer, waitedMs }, scene);
}

const REFUSALS = [
  "malformed", "unsupported_version", "revoked_key", "unknown_key", "bad_signature",
  "not_yet_valid", "expired", "live_required", "online_required", "unknown_voucher",
  "unknown_perk", "void", "superseded", "refunded", "wrong_station", "closed_now", "held",
  "too_few_uses", "already_redeemed", "identity_required", "out_of_stock", "allowance_spent",
  "impossible_time", "revoked_device", "not_allowed", "never_heard_of", "constructor",
];

test("only a redemption hands over, and only a check says valid", () => {
  assert.equal(shown("redeemed").tone, "good");
  assert.equal(shown("redeemed").details.action, "Hand over");
  assert.equal(shown("valid").tone, "checked");
  for (const verdict of REFUSALS) {
    const { tone, shape, details } = shown(verdict);
    assert.ok(["warn", "bad"].includes(tone), verdict);
    assert.notEqual(shape, "check");
    const yet = verdict === "identity_required" ? " yet" : "";
    assert.equal(details.action, `Hand nothing over${yet}.`);
  }
});

test("every verdict has one word", () => {
  for (const verdict of ["redeemed", "valid", "reserved", "released", "undone", ...REFUSALS]) {
    assert.match(shown(verdict).word, /^[A-Z][a-z]+$/);
  }
});

test("how the perk is handed over is said where it is, and only there", () => {
  const perk = { number: 1, name: "Enamel pin", hand_over: "One, from the tray on the left" };
  const voucher = { reference: "V-1", perk, uses_left: 0, valid_until: "2026-11-28T12:00:00Z" };
  assert.equal(shown("redeemed", { voucher }).sentence, "One, from the tray on the left");
  assert.equal(shown("expired", { voucher }).sentence, "A sentence.");
  assert.equal(shown("valid", { voucher }).sentence, "A sentence.");
});

test("a redemption that is given once more hands nothing more over", () => {
  const again = repeated(shown("redeemed"));
  assert.deepEqual([again.name, again.tone, again.shape, again.word], ["repeated", "warn", "twice", "Again"]);
  assert.equal(again.details.action, "Hand nothing more over.");
  assert.match(spoken(again), /^Again\. Hand nothing more over\. /);
});

test("any other answer is shown again as it was", () => {
  const again = repeated(shown("expired"));
  assert.deepEqual([again.name, again.tone, again.word], ["expired", "bad", "Expired"]);
  assert.match(again.details.notes.join(), /The same code again/);
});

test("a verdict nobody knows is refused with its own sentence", () => {
  const { word, tone, sentence } = shown("never_heard_of", { message: "Ask the lead desk." });
  assert.deepEqual([word, tone, sentence], ["Refused", "bad", "Ask the lead desk."]);
});

test("a used voucher tells when, where and by which device", () => {
  const first = { at: "2031-05-03T12:02:00Z", station: "Pop-up Berlin", device: "Door 5" };
  const { details } = shown("already_redeemed", { first_redemption: first });
  assert.equal(details.first, "Redeemed today 14:02 at Pop-up Berlin, device Door 5");
  assert.equal(shown("already_redeemed", { first_redemption: first }).sentence, "");
  assert.equal(shown("already_redeemed").sentence, "A sentence.");
});

test("times are said as people say them", () => {
  assert.equal(when("2031-05-02T22:30:00Z", scene), "today 00:30");
  assert.equal(when("2031-05-02T07:30:00Z", scene), "yesterday 09:30");
  assert.equal(when("2031-04-28T16:00:00Z", scene), "Mon 28 Apr 18:00");
  assert.equal(when("2030-05-03T12:02:00Z", scene), "Fri 3 May 14:02");
  assert.equal(when("soon", scene), "at an unknown time");
});

test("a clock that is off is told, a late answer is not taken for one", () => {
  assert.equal(shown("redeemed", { skew_ms: 119_000 }).details.clock, "");
  assert.match(shown("redeemed", { skew_ms: -180_000 }).details.clock, /about 3 minutes/);
  assert.equal(shown("redeemed", { skew_ms: 180_000 }, 179_000).details.clock, "");
});

test("without an answer nothing is handed over yet", () => {
  const silence = describe({ kind: "silence", reason: "timeout" }, scene);
  assert.equal(silence.tone, "unsure");
  assert.equal(silence.details.action, "Hand nothing over yet.");
  const problem = describe({ kind: "problem", status: 401, sentence: "Not paired." }, scene);
  assert.deepEqual([problem.word, problem.sentence], ["Unpaired", "Not paired."]);
});

test("the announcement says it all in one go", () => {
  assert.equal(spoken(shown("redeemed")), "Redeemed. Hand over: Enamel pin. Ada. A sentence.");
  assert.equal(spoken(shown("void", { voucher: null, member: null })),
    "Void. Hand nothing over. A sentence.");
});

test("an old picture of a live code is called one, unless the voucher's own time is over", () => {
  const now = { server_time: "2031-05-03T13:00:00Z" };
  assert.equal(shown("expired", { live: true, ...now }).word, "Picture");
  assert.equal(shown("expired", { live: false, ...now }).word, "Expired");
  assert.equal(shown("expired", { live: true, server_time: voucher.valid_until }).word, "Expired");
  const unknown = { ...voucher, reference: null, valid_until: null };
  assert.equal(shown("expired", { live: true, ...now, voucher: unknown }).word, "Picture");
});

/** An answer about a perk of this kind. */
function of(verdict, perk) {
  return shown(verdict, { voucher: { ...voucher, perk: { ...voucher.perk, ...perk } } });
}

test("what staff do depends on the kind of perk, and is not said twice", () => {
  const actions = {
    item: "Hand over", pickup: "Order placed", priority_entry: "Let them in first",
    early_access: "Let them in", discount: "Give the discount", constructor: "Hand over",
  };
  for (const [kind, action] of Object.entries(actions)) {
    assert.equal(of("redeemed", { kind }).details.action, action);
  }
  for (const message_key of ["redeemed", "redeemed_priority_entry", "redeemed_early_access"]) {
    assert.equal(shown("redeemed", { message_key }).sentence, "");
  }
  assert.match(shown("redeemed", { message_key: "redeemed_discount" }).sentence, /^Give the discount: /);
  assert.match(shown("redeemed", { message_key: "redeemed_pickup" }).sentence, /^Order placed\. Hand nothing over: /);
});

test("a coupon is shown only where the discount is given", () => {
  const perk = { kind: "discount", coupon: "TEN-OFF" };
  assert.equal(of("redeemed", perk).details.coupon, "TEN-OFF");
  assert.match(spoken(of("redeemed", perk)), /Coupon TEN-OFF\./);
  for (const verdict of ["valid", "expired", "already_redeemed", "identity_required", "undone"]) {
    assert.equal(of(verdict, perk).details.coupon, "");
  }
});

test("staff read their note where it helps them, and not on a refusal", () => {
  const perk = { staff_note: "The blue ones, under the table" };
  for (const verdict of ["redeemed", "valid", "identity_required"]) {
    assert.equal(of(verdict, perk).details.staff, perk.staff_note);
  }
  assert.equal(of("expired", perk).details.staff, "");
});

test("an undo is told as one, and a refused undo as something that still counts", () => {
  const answer = { verdict: "undone", message: "Undone.", voucher, member: null };
  const undone = describeUndo({ kind: "answer", answer, waitedMs: 4, attemptId: "a" }, scene);
  assert.deepEqual([undone.tone, undone.shape, undone.word], ["checked", "undo", "Undone"]);
  assert.equal(undone.details.action, "");
  const late = describeUndo({ kind: "problem", status: 403, sentence: "Ten minutes are over." }, scene);
  assert.deepEqual([late.word, late.sentence], ["Unchanged", "Ten minutes are over."]);
  assert.equal(late.details.action, "It stays redeemed.");
  const silent = describeUndo({ kind: "silence", reason: "network" }, scene);
  assert.match(silent.sentence, /undone once/);
});

test("a device that guesses has to wait", () => {
  const told = describe({ kind: "problem", status: 429, sentence: "Wait a minute." }, scene);
  assert.deepEqual([told.shape, told.word, told.sentence], ["clock", "Wait", "Wait a minute."]);
});

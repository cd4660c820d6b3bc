import assert from "node:assert/strict";
import { test } from "node:test";

import { codeAt, isStale, keep, reaches } from "../../../voucher/wallet/static/batch.js";
import { outdated } from "../../../voucher/wallet/static/status.js";
import { inWords } from "../../../voucher/wallet/static/countdown.js";

const BEGINS = Date.parse("2026-11-25T12:00:00Z");
const batch = {
  voucher: "V-1", key: 1, server_time: "2026-11-25T12:00:10Z", begins: BEGINS / 1000, every: 30, lasts: 60,
  prefix: "HTTPS://X/V/", tokens: ["A", "B", "C"],
};
/** As it came to a phone whose clock is behind by so many seconds. */
const kept = (behind = 0) => keep(batch, BEGINS + (9 - behind) * 1000, BEGINS + (11 - behind) * 1000);
const at = (seconds) => BEGINS + seconds * 1000;

test("the newest code that has begun is shown, so half of its time is still to come", () => {
  assert.deepEqual(codeAt(kept(), at(10)), { text: "HTTPS://X/V/A", left: 20 });
  assert.equal(codeAt(kept(), at(29.9))?.text, "HTTPS://X/V/A");
  assert.equal(codeAt(kept(), at(30))?.text, "HTTPS://X/V/B");
  assert.equal(codeAt(kept(), at(89.9))?.text, "HTTPS://X/V/C");
});

test("there is none before the first and after the last", () => {
  assert.equal(codeAt(kept(), at(-0.1)), null);
  assert.equal(codeAt(kept(), at(90)), null);
  assert.equal(reaches(kept()), at(90));
});

test("a phone whose clock is wrong shows what the server's clock says", () => {
  for (const behind of [-3600, 3600]) {
    assert.equal(codeAt(kept(behind), at(35 - behind))?.text, "HTTPS://X/V/B");
    assert.equal(reaches(kept(behind)), at(90 - behind));
  }
});

test("more are fetched when they are old, over, or the phone's clock was set back", () => {
  assert.equal(isStale(null, at(20)), true);
  assert.equal(isStale(kept(), at(20)), false);
  assert.equal(isStale(kept(), at(90)), true);
  assert.equal(isStale(kept(), at(2000)), true);
  assert.equal(isStale(kept(), at(5)), true);
});

test("more are fetched once another key signs, as when one leaked", () => {
  assert.equal(isStale(kept(), at(20), 1), false);
  assert.equal(isStale(kept(), at(20), 2), true);
});

test("before the voucher's time there is nothing to show, and nothing to fetch either", () => {
  for (const tokens of [[], ["A", "B"]]) {
    const early = keep({ ...batch, begins: batch.begins + 3600, tokens }, at(9), at(11));
    assert.equal(codeAt(early, at(20)), null);
    assert.equal(isStale(early, at(20)), false);
    assert.equal(isStale(early, at(20), 2), true);
    assert.equal(isStale(early, at(2000)), true);
  }
});

test("what is out of date is what another key signs by now, and what is over", () => {
  const status = { signing: 2, vouchers: { "V-1": 2, "V-2": 1, "V-4": 2 } };
  assert.deepEqual(outdated({ "V-1": 1, "V-2": 1, "V-3": 1 }, status), ["V-1", "V-3"]);
});

test("a countdown names the two largest units", () => {
  assert.equal(inWords(3 * 86400 + 2 * 3600), "3 days 2 h");
  assert.equal(inWords(86400), "1 day 0 h");
  assert.equal(inWords(3700), "1 h 1 min");
  assert.equal(inWords(61), "1 min 1 s");
  assert.equal(inWords(9.9), "9 s");
  assert.equal(inWords(-1), "0 s");
});

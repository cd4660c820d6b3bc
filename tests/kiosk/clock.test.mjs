import assert from "node:assert/strict";
import { test } from "node:test";

import { learnt, noted, read, settled } from "../../kiosk/static/rules/clock.js";

const NOON = Date.parse("2031-05-03T12:00:00Z");
const MINUTE = 60_000;

/** A device that was so far ahead at noon, and then heard from the server at once. */
const synced = (aheadMs = 0) =>
  learnt({ sentAt: NOON + aheadMs, receivedAt: NOON + aheadMs, serverTime: NOON });

/** The moment that the server computes. */
const byServer = ({ judged_at: at, skew_ms: skew }) => Date.parse(at) - skew;

test("a clock that is wrong is corrected by what the server said", () => {
  for (const ahead of [-7 * MINUTE, 0, 90 * MINUTE]) {
    const { moment, judged } = read(synced(ahead), NOON + ahead + 5 * MINUTE);
    assert.equal(moment, NOON + 5 * MINUTE);
    assert.deepEqual(judged, {
      judged_at: new Date(NOON + ahead + 5 * MINUTE).toISOString(),
      synced_at: "2031-05-03T12:00:00.000Z", skew_ms: ahead,
    });
  }
});

test("half of an answer's time is taken for its way, and never more than the server forgives", () => {
  const after = (took) => learnt({ sentAt: NOON - took, receivedAt: NOON, serverTime: NOON });
  assert.equal(read(after(800), NOON).moment, NOON + 400);
  assert.equal(read(after(8000), NOON).moment, NOON + 1000);
  assert.equal(read(after(-8000), NOON + MINUTE).moment, NOON + MINUTE, "set back meanwhile");
  assert.equal(read(after(801), NOON).moment, NOON + 400);
});

test("who sets the clock back stays at the last sync, and at the last scan", () => {
  const clock = synced();
  assert.equal(read(clock, NOON - 60 * MINUTE).moment, NOON);
  const later = noted(clock, NOON + 30 * MINUTE);
  assert.equal(read(later, NOON + 10 * MINUTE).moment, NOON + 30 * MINUTE);
  assert.equal(read(later, NOON + 31 * MINUTE).moment, NOON + 31 * MINUTE);
  assert.equal(noted(later, NOON + 20 * MINUTE).latest, NOON + 30 * MINUTE);
  const { judged } = read(later, NOON + 10 * MINUTE);
  assert.equal(byServer(judged), NOON + 30 * MINUTE);
  assert.equal(judged.skew_ms, -20 * MINUTE);
});

test("a sync goes before the scan of a clock that had been set forward", () => {
  const wrong = noted(synced(), NOON + 600 * MINUTE);
  const right = learnt({ sentAt: NOON + 10, receivedAt: NOON + 10, serverTime: NOON + 10 });
  assert.equal(read(right, NOON + 10).moment, NOON + 10);
  assert.equal(read(wrong, NOON + 10).moment, NOON + 600 * MINUTE);
});

test("staff are warned beyond two minutes, whichever way and whenever it came", () => {
  const isOff = (ahead, since = 0) => read(synced(ahead), NOON + ahead + since).isOff;
  assert.deepEqual([isOff(2 * MINUTE), isOff(2 * MINUTE + 1)], [false, true]);
  assert.deepEqual([isOff(-2 * MINUTE), isOff(-2 * MINUTE - 1)], [false, true]);
  // Set back since the last sync.
  assert.deepEqual([isOff(0, -2 * MINUTE), isOff(0, -2 * MINUTE - 1)], [false, true]);
});

test("a clock that says nothing is not told, and the moment is right all the same", () => {
  for (const ahead of [-NOON, 10 ** 11 + 1, -(10 ** 11) - 1]) {
    const { moment, judged } = read(synced(ahead), NOON + ahead + MINUTE);
    assert.equal(moment, NOON + MINUTE);
    assert.deepEqual([judged.skew_ms, byServer(judged)], [0, NOON + MINUTE]);
  }
  assert.equal(read(synced(10 ** 11), NOON + 10 ** 11).judged.skew_ms, 10 ** 11);
});

test("what a fast clock judged is settled at the moment of the next sync, nothing else is", () => {
  const { judged } = read(synced(MINUTE), NOON + 61 * MINUTE);
  assert.deepEqual(settled(judged, NOON + 60 * MINUTE), judged);
  const early = settled(judged, NOON + 50 * MINUTE);
  assert.equal(byServer(early), NOON + 50 * MINUTE);
  assert.deepEqual({ ...early, skew_ms: judged.skew_ms }, judged);
  const { judged: years } = read(synced(), NOON + 2 * 10 ** 11);
  assert.deepEqual(settled(years, NOON + 5), {
    judged_at: new Date(NOON + 5).toISOString(), synced_at: judged.synced_at, skew_ms: 0,
  });
});

/**
 * What time it is for the server, told by a device whose own clock may be wrong. Pure; all moments
 * are Unix milliseconds.
 */

/**
 * What a device knows of the time; kept with what it last learnt from the server.
 * @typedef {Object} Clock
 * @property {number} ahead milliseconds that the device's clock was ahead of the server's
 * @property {number} syncedAt when it last heard from the server, by the server's clock
 * @property {number} latest it is not earlier than this: the last sync, or the last scan since
 */

/**
 * When something was judged, as an upload's `offline` has it: `judged_at` less `skew_ms` is the
 * moment it was judged by.
 * @typedef {{judged_at: string, synced_at: string, skew_ms: number}} Judged
 */

/**
 * @typedef {Object} Reading
 * @property {number} moment by the server's clock
 * @property {boolean} isOff whether the device's clock is so wrong that staff should set it
 * @property {Judged} judged what an upload says of this moment
 */

/** Staff are warned when their clock is wrong by more than this. */
const OFF_MS = 2 * 60 * 1000;
/** What the server forgives. An answer may have taken its whole time on one of its two ways. */
const FORGIVEN_MS = 1000;
/** A clock further off than the server can be told says nothing: its battery is dead. */
const FURTHEST_MS = 10 ** 11;

/**
 * What a sync teaches. Where it contradicts an earlier scan's moment, the server is right.
 * @param {Object} sync
 * @param {number} sync.sentAt when the server was asked, by the device's clock
 * @param {number} sync.receivedAt when it had answered, by the device's clock
 * @param {number} sync.serverTime what it said the time is
 * @returns {Clock}
 */
export function learnt({ sentAt, receivedAt, serverTime }) {
  const way = Math.max(receivedAt - sentAt, 0) / 2;
  const serverNow = Math.floor(serverTime + Math.min(way, FORGIVEN_MS));
  return { ahead: receivedAt - serverNow, syncedAt: serverTime, latest: serverTime };
}

/**
 * The moment to judge by: never behind the last sync or the last scan, so that nobody makes an old
 * voucher good by setting the device's clock back.
 * @param {Clock} clock
 * @param {number} deviceNow what the device's clock says
 * @returns {Reading}
 */
export function read(clock, deviceNow) {
  const moment = Math.max(deviceNow - clock.ahead, clock.latest);
  return {
    moment,
    isOff: Math.abs(deviceNow - moment) > OFF_MS,
    judged: judgedAt(deviceNow, moment, isoOf(clock.syncedAt)),
  };
}

/**
 * The clock after a scan: no later one is before it.
 * @param {Clock} clock
 * @param {number} moment of the scan
 * @returns {Clock}
 */
export function noted(clock, moment) {
  return { ...clock, latest: Math.max(clock.latest, moment) };
}

/**
 * What to upload of a moment once the server was heard again. A clock that ran fast or was set
 * forward meanwhile would say that it is still to come, which the server believes nobody.
 * @param {Judged} judged
 * @param {number} serverTime what the server said the time is, at any time after it was judged
 * @returns {Judged}
 */
export function settled(judged, serverTime) {
  const deviceSaid = Date.parse(judged.judged_at);
  const moment = deviceSaid - judged.skew_ms;
  return judgedAt(deviceSaid, Math.min(moment, serverTime), judged.synced_at);
}

/**
 * @param {number} deviceSaid
 * @param {number} moment
 * @param {string} syncedAt
 * @returns {Judged}
 */
function judgedAt(deviceSaid, moment, syncedAt) {
  const skew = deviceSaid - moment;
  const told = Math.abs(skew) > FURTHEST_MS ? moment : deviceSaid;
  return { judged_at: isoOf(told), synced_at: syncedAt, skew_ms: told - moment };
}

/** @param {number} moment */
function isoOf(moment) {
  return new Date(moment).toISOString();
}

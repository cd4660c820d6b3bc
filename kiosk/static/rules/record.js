/**
 * What the record says of a voucher here and now: the twin of `voucher/scans/rules.py`, held to it
 * by shared vectors and by generated cases. Nothing here asks a network.
 */

import { LIVE, judge as judgeToken } from "./token.js";

/** @import {Payload, Verdict, Window} from "./token.js" */

/**
 * What the record knows of one voucher; times in Unix seconds, with fractions where it has any.
 * @typedef {Object} RecordView
 * @property {number} uses_left
 * @property {number} valid_from the first valid moment
 * @property {number} valid_until the first invalid one
 * @property {string[] | null} stations keys of those that may redeem it; null for all
 * @property {string} standing `open`, or the verdict that what was done with it leads to
 * @property {boolean} is_open whether the station and the perk are open now
 * @property {number} held uses that others are handing out just now
 * @property {boolean} asks_identity whether staff must confirm who stands there, or their age
 * @property {boolean} asks_live whether only a live token will do, or else an identity check
 * @property {boolean} in_stock
 */

/**
 * What is asked of the record.
 * @typedef {Object} Asked
 * @property {string} station its key
 * @property {number} uses
 * @property {number} now Unix seconds, with fractions
 * @property {boolean} identity_confirmed
 */

/**
 * @typedef {Verdict | "unknown_voucher" | "void" | "superseded" | "refunded" | "wrong_station"
 *   | "closed_now" | "already_redeemed" | "held" | "too_few_uses" | "identity_required"
 *   | "out_of_stock"} RecordVerdict
 */

/**
 * `ok`, or the first refusal in the order of the token's specification.
 * @param {Payload | null} payload a believed token's; null for a typed code, on which the record
 *   decides alone
 * @param {RecordView | null} view null where no such voucher is known
 * @param {Asked} asked
 * @returns {RecordVerdict}
 */
export function judge(payload, view, asked) {
  const refusal = payload === null ? null : judgeShown(payload, view, asked);
  if (refusal !== null) return refusal;
  if (view === null) return "unknown_voucher";
  return judgeRecord(view, asked, payload !== null && isLive(payload));
}

/**
 * The token's part of `judge()`. Who has no phone for a live token is served by an identity check.
 * @param {Payload} payload
 * @param {Window | null} known the record's window; null where no such voucher is known
 * @param {Pick<Asked, "now" | "identity_confirmed">} asked
 * @returns {Verdict | null} null where the token is no reason to refuse
 */
export function judgeShown(payload, known, asked) {
  const verdict = judgeToken(payload, asked.now, { window: known && whole(known) });
  const isExcused = verdict === "live_required" && known !== null && asked.identity_confirmed;
  return verdict === "ok" || isExcused ? null : verdict;
}

/**
 * The record's part of `judge()`.
 * @param {RecordView} view
 * @param {Asked} asked
 * @param {boolean} shownLive whether the token was a live one
 * @returns {RecordVerdict}
 */
export function judgeRecord(view, asked, shownLive) {
  if (view.standing !== "open") return /** @type {RecordVerdict} */ (view.standing);
  const asksIdentity = view.asks_identity || (view.asks_live && !shownLive);
  /** @type {[RecordVerdict, boolean][]} */
  const checks = [
    ["not_yet_valid", asked.now < view.valid_from],
    ["expired", asked.now >= view.valid_until],
    ["wrong_station", view.stations !== null && !view.stations.includes(asked.station)],
    ["closed_now", !view.is_open],
    ["already_redeemed", view.uses_left === 0],
    ["held", view.held > 0 && view.uses_left - view.held < asked.uses],
    ["too_few_uses", view.uses_left < asked.uses],
    ["identity_required", asksIdentity && !asked.identity_confirmed],
    ["out_of_stock", !view.in_stock],
  ];
  return checks.find(([, refuses]) => refuses)?.[0] ?? "ok";
}

/**
 * @param {Payload} payload
 * @returns {boolean} whether it is one of the wallet page's changing codes
 */
export function isLive(payload) {
  return (payload.flags & LIVE) !== 0;
}

/**
 * A token's dates are whole seconds, and so is what takes their place.
 * @param {Window} window
 * @returns {Window}
 */
function whole({ valid_from: from, valid_until: until }) {
  return { valid_from: Math.trunc(from), valid_until: Math.trunc(until) };
}

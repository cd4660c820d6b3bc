/**
 * How each verdict looks. Tone and shape say the same as the word, for those who cannot tell the
 * colours apart. Pure.
 */

/**
 * good: hand over, the server has it. later: hand over, the server has yet to hear of it. checked: fine,
 * and nothing changed. warn: not like this or not now. bad: no. unsure: nobody knows yet.
 * @typedef {"good" | "later" | "checked" | "warn" | "bad" | "unsure"} Tone
 */

/**
 * @typedef {"check" | "check-later" | "magnifier" | "cross" | "twice" | "clock" | "hand" | "pin" | "person"
 *   | "box" | "undo" | "question"} Shape
 */

/** @type {Record<string, [Tone, Shape, string]>} */
const LOOKS = {
  redeemed: ["good", "check", "Redeemed"],
  reserved: ["good", "clock", "Reserved"],
  released: ["checked", "undo", "Released"],
  undone: ["checked", "undo", "Undone"],
  valid: ["checked", "magnifier", "Valid"],
  malformed: ["bad", "cross", "Unreadable"],
  unsupported_version: ["bad", "cross", "Unsupported"],
  revoked_key: ["warn", "hand", "Replaced"],
  unknown_key: ["bad", "cross", "Unknown"],
  bad_signature: ["bad", "cross", "Refused"],
  not_yet_valid: ["warn", "clock", "Early"],
  expired: ["bad", "clock", "Expired"],
  live_required: ["warn", "hand", "Picture"],
  online_required: ["warn", "hand", "Offline"],
  unknown_voucher: ["bad", "cross", "Unknown"],
  unknown_perk: ["bad", "cross", "Unknown"],
  void: ["bad", "cross", "Void"],
  superseded: ["warn", "hand", "Replaced"],
  refunded: ["bad", "cross", "Refunded"],
  wrong_station: ["warn", "pin", "Elsewhere"],
  closed_now: ["warn", "clock", "Closed"],
  held: ["warn", "clock", "Held"],
  too_few_uses: ["warn", "hand", "Limit"],
  allowance_spent: ["warn", "hand", "Limit"],
  already_redeemed: ["bad", "twice", "Used"],
  identity_required: ["warn", "person", "Identity"],
  out_of_stock: ["warn", "box", "Unavailable"],
  impossible_time: ["bad", "clock", "Clock"],
};

/** @type {[Tone, Shape, string]} */
const REFUSED = ["bad", "cross", "Refused"];
/** @type {Record<number, [Shape, string]>} */
const PROBLEMS = { 401: ["question", "Unpaired"], 429: ["clock", "Wait"] };

/**
 * @param {string} verdict
 * @returns {[Tone, Shape, string]} refused, where nobody knows it
 */
export function lookOf(verdict) {
  // Object.hasOwn: a verdict called "constructor" must not find one.
  return (Object.hasOwn(LOOKS, verdict) ? LOOKS[verdict] : undefined) ?? REFUSED;
}

/**
 * How it looks where the device decided by itself.
 * @param {string} verdict
 * @returns {[Tone, Shape, string]}
 */
export function lookOfOwn(verdict) {
  return verdict === "redeemed" ? ["later", "check-later", "Accepted"] : lookOf(verdict);
}

/**
 * @param {Tone} tone
 * @returns {boolean} whether something is handed over
 */
export function isYes(tone) {
  return tone === "good" || tone === "later";
}

/**
 * @param {number} status of a problem, by HTTP
 * @returns {[Shape, string]}
 */
export function lookOfProblem(status) {
  return PROBLEMS[status] ?? ["question", "Refused"];
}

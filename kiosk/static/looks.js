/**
 * How each verdict looks. Tone and shape say the same as the word, for those who cannot tell the
 * colours apart. Pure.
 */

import { word } from "./words/language.js";
import { REFUSED, VERDICTS, WORDS } from "./words/verdicts.js";

/**
 * good: hand over, the server has it. later: hand over, the server has yet to hear of it. checked: fine,
 * and nothing changed. warn: not like this or not now. bad: no. unsure: nobody knows yet.
 * @typedef {"good" | "later" | "checked" | "warn" | "bad" | "unsure"} Tone
 */

/**
 * @typedef {"check" | "check-later" | "magnifier" | "cross" | "twice" | "clock" | "hand" | "pin" | "person"
 *   | "box" | "undo" | "question"} Shape
 */

/** @type {Record<string, [Tone, Shape]>} */
const LOOKS = {
  redeemed: ["good", "check"],
  reserved: ["good", "clock"],
  released: ["checked", "undo"],
  undone: ["checked", "undo"],
  valid: ["checked", "magnifier"],
  malformed: ["bad", "cross"],
  unsupported_version: ["bad", "cross"],
  revoked_key: ["warn", "hand"],
  unknown_key: ["bad", "cross"],
  bad_signature: ["bad", "cross"],
  not_yet_valid: ["warn", "clock"],
  expired: ["bad", "clock"],
  live_required: ["warn", "hand"],
  online_required: ["warn", "hand"],
  unknown_voucher: ["bad", "cross"],
  unknown_perk: ["bad", "cross"],
  void: ["bad", "cross"],
  superseded: ["warn", "hand"],
  refunded: ["bad", "cross"],
  wrong_station: ["warn", "pin"],
  closed_now: ["warn", "clock"],
  held: ["warn", "clock"],
  too_few_uses: ["warn", "hand"],
  allowance_spent: ["warn", "hand"],
  already_redeemed: ["bad", "twice"],
  identity_required: ["warn", "person"],
  out_of_stock: ["warn", "box"],
  impossible_time: ["bad", "clock"],
  revoked_device: ["bad", "hand"],
  not_allowed: ["bad", "hand"],
};

/** @type {[Tone, Shape]} */
const UNKNOWN = ["bad", "cross"];

/**
 * @param {string} verdict
 * @returns {[Tone, Shape, string]} refused, where nobody knows it
 */
export function lookOf(verdict) {
  // Object.hasOwn: a verdict called "constructor" must not find one.
  const [tone, shape] = (Object.hasOwn(LOOKS, verdict) ? LOOKS[verdict] : undefined) ?? UNKNOWN;
  const said = Object.hasOwn(VERDICTS, verdict) ? VERDICTS[verdict] : undefined;
  return [tone, shape, word(said ?? REFUSED)];
}

/**
 * How it looks where the device decided by itself.
 * @param {string} verdict
 * @returns {[Tone, Shape, string]}
 */
export function lookOfOwn(verdict) {
  return verdict === "redeemed" ? ["later", "check-later", word(WORDS.accepted)] : lookOf(verdict);
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
  if (status === 401) return ["question", word(WORDS.unpaired)];
  return status === 429 ? ["clock", word(WORDS.wait)] : ["question", word(REFUSED)];
}

/** What a supervisor may decide about an answer. Pure. */

/** @import {Answer, Mode, Outcome} from "../contract.js" */
/** @import {Sighting} from "../repeats.js" */
/** @import {Offer} from "../steps.js" */

/** @typedef {"override" | "undo" | "refund"} Choice */

/** What a supervisor may set aside at all, within the server's bounds. */
export const OVERRIDABLE = ["not_yet_valid", "expired", "wrong_station", "closed_now"];

/**
 * @param {Mode} mode
 * @param {Outcome} outcome
 * @param {string[]} may what the device may do
 * @returns {Choice[]} most likely first; none where nothing could come of it
 */
export function choices(mode, outcome, may) {
  if (mode !== "redeem" || outcome.kind !== "answer") return [];
  const { verdict, conflict, may_override: rules = [] } = outcome.answer;
  if (OVERRIDABLE.includes(verdict)) {
    return rules.length > 0 && may.includes("redeem") ? ["override"] : [];
  }
  if (verdict !== "already_redeemed" && verdict !== "redeemed") return [];
  // What is written down is another's redemption: what was handed over twice is for organisers.
  if (conflict) return [];
  if (may.includes("undo")) return ["undo", "refund"];
  return may.includes("redeem") ? ["refund"] : [];
}

/**
 * Without a network a device says no as the server does, and nobody can set it aside.
 * @param {Outcome} outcome
 */
export function waitsForNetwork(outcome) {
  return outcome.kind === "answer" && Boolean(outcome.answer.own)
    && OVERRIDABLE.includes(outcome.answer.verdict);
}

/**
 * What staff have to look at before it is redeemed.
 * @param {{identity?: boolean, minimum_age?: number | null} | undefined} perk
 * @param {boolean} isScanned whether the member showed a QR
 */
export function mustLook(perk, isScanned) {
  return !isScanned || Boolean(perk?.identity) || Boolean(perk?.minimum_age);
}

/**
 * How many can have been faulty: as many as were redeemed.
 * @param {Outcome} outcome
 */
export function mostFaulty(outcome) {
  if (outcome.kind !== "answer" || !outcome.answer.voucher) return 1;
  const { uses = 1, uses_left: left } = outcome.answer.voucher;
  return Math.max(1, uses - left);
}

/**
 * @typedef {Pick<Sighting, "errand" | "entry"> & Partial<Pick<Sighting, "ends" | "supervised">>} Decided
 */

/**
 * @param {Decided} sighting
 * @returns {boolean} whether a supervisor decided it, also where staff said since that it was handed
 *   over, and where the page was loaded anew meanwhile
 */
export function isSupervised({ errand, ends, entry, supervised }) {
  return Boolean(errand ?? ends?.errand) || Boolean(supervised || ends?.supervised)
    || entry.kind === "reference";
}

/**
 * What a supervisor redeemed only a supervisor takes back, and without a code there is none to scan
 * once more.
 * @param {Decided} sighting
 * @param {Pick<Offer, "steps">} offer
 * @returns {Offer["steps"]}
 */
export function staffSteps(sighting, { steps }) {
  if (!isSupervised(sighting)) return steps;
  const { undo: _, ...left } = steps;
  if (sighting.entry.kind !== "reference") return left;
  const { one_more: _more, ...known } = left;
  return known;
}

/**
 * Whether nothing is left to decide about a scan on the list, now that this came of another one.
 * @param {Pick<Sighting, "errand" | "undoes"> & Partial<Pick<Sighting, "ends">>} sighting
 * @param {Answer} answer
 * @param {{supervises?: string, voucher?: string}} listed its attempt and its voucher's reference
 */
export function settles({ errand, undoes, ends }, { verdict, voucher }, listed) {
  if (!["redeemed", "undone", "refunded"].includes(verdict)) return false;
  const attempt = (errand ?? ends?.errand)?.settles ?? undoes?.attemptId;
  if (attempt && attempt === listed.supervises) return true;
  const isAll = verdict === "refunded" || (verdict === "undone" && voucher?.uses === 1);
  return isAll && Boolean(voucher?.reference) && voucher?.reference === listed.voucher;
}

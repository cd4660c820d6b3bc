/** What staff may do about an answer, beside going on to the next scan. Pure. */

import { deed } from "./deeds.js";
import { isHeld } from "./hold/held.js";
import { offerAgain, offerHeld } from "./hold/shown.js";
import { word } from "./words/language.js";
import { SCREEN } from "./words/screen.js";
import { STEPS } from "./words/steps.js";
import { UNDO } from "./words/undo.js";

/** @import {Answer, Outcome} from "./contract.js" */
/** @import {Sighting} from "./repeats.js" */

/**
 * again: ask the same once more. confirm, no_phone: staff have looked who it is. one_more: take
 * another use. undo: take the redemption back. supervise: a supervisor decides.
 * handed_over, not_handed_over: what became of what is held.
 * @typedef {"again" | "confirm" | "no_phone" | "one_more" | "undo" | "supervise" | "handed_over"
 *   | "not_handed_over"} Step
 */

/**
 * @typedef {Object} Offer
 * @property {Partial<Record<Step, string>>} steps the words on their buttons
 * @property {string} next the words on the button that goes on; empty where a step must be chosen
 * @property {boolean} holds whether staff need time: no other code may take the answer's place
 */

/** As long as the server lets a desk undo what it handed over. */
export const UNDO_MS = 10 * 60 * 1000;

/**
 * @param {Pick<Sighting, "mode"> & Partial<Pick<Sighting, "ends" | "heldUntil">>} sighting
 * @param {Outcome} outcome
 * @param {number} [now] on the clock of `heldUntil`
 * @returns {Offer}
 */
export function offer({ mode, ends, heldUntil = 0 }, outcome, now = 0) {
  if (ends && outcome.kind !== "answer") return offerAgain(outcome.kind === "silence");
  if (outcome.kind !== "answer") return plain({ again: word(STEPS.again) });
  const { verdict, voucher, own } = outcome.answer;
  if (isHeld(outcome)) return offerHeld(heldUntil <= now);
  if (own && !own.isFinal) return plain({ again: word(STEPS.again) });
  if (verdict === "identity_required") return identity(outcome.answer, mode === "check");
  if (verdict === "live_required" && voucher) return plain({ no_phone: noPhone(voucher.perk) });
  if (!canUndo(outcome)) return plain({});
  const left = voucher?.uses_left ?? 0;
  const more = left > 0 ? { one_more: word(STEPS.one_more, left) } : {};
  // The server has to hear of it first: later it can be undone from the list.
  return plain(own ? more : { ...more, undo: word(UNDO.undo) });
}

/**
 * @param {Outcome} outcome
 * @returns {boolean} whether something was handed over that can be taken back
 */
export function canUndo(outcome) {
  return outcome.kind === "answer" && outcome.answer.verdict === "redeemed";
}

/** @param {Offer["steps"]} steps */
function plain(steps) {
  return { steps, next: word(SCREEN.next), holds: false };
}

/**
 * @param {Answer} answer
 * @param {boolean} isCheck
 * @returns {Offer}
 */
function identity({ voucher }, isCheck) {
  const perk = voucher?.perk;
  const confirm = isCheck ? word(STEPS.may_have) : word(STEPS.checked, deed(perk?.kind).inside);
  const isAgeAlone = perk?.minimum_age && !perk.identity;
  const no = word(isAgeAlone ? STEPS.not_old_enough : STEPS.not_this_person);
  return { steps: { confirm }, next: no, holds: true };
}

/**
 * An age that is asked for is told: staff have not read about it here.
 * @param {{minimum_age?: number | null}} perk
 */
function noPhone({ minimum_age: age }) {
  return age ? word(STEPS.no_phone_of_age, age) : word(STEPS.no_phone);
}

/** How a hold that is over looks, and what it came to. Pure. */

import { lookOf } from "../looks.js";
import { NO_DETAILS, describe } from "../verdict.js";
import { HOLD } from "../words/hold.js";
import { word } from "../words/language.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Scene} from "../moments.js" */
/** @import {Offer} from "../steps.js" */
/** @import {Shown} from "../verdict.js" */
/** @import {Ends} from "./held.js" */

/**
 * What is held: staff decide, and nothing else takes its place.
 * @param {boolean} isOver whether the two minutes are
 * @returns {Offer}
 */
export function offerHeld(isOver) {
  const handed_over = word(isOver ? HOLD.allTheSame : HOLD.handedOver);
  return { steps: { handed_over, not_handed_over: word(HOLD.notHandedOver) }, next: "", holds: true };
}

/**
 * Nobody keeps yet what became of it: until then nothing else takes its place. Where the server says
 * that it cannot be, staff go on.
 * @param {boolean} isSilent
 * @returns {Offer}
 */
export function offerAgain(isSilent) {
  return { steps: { again: word(HOLD.again) }, next: isSilent ? "" : word(HOLD.next), holds: true };
}

/**
 * What was held, two minutes later: nobody said what became of it.
 * @param {Outcome} outcome
 * @param {Scene} scene
 * @returns {Shown}
 */
export function describeOver(outcome, scene) {
  const { details, ...shown } = describe(outcome, scene);
  return {
    ...shown, name: "hold_over", tone: "unsure", shape: "clock", word: word(HOLD.overWord),
    sentence: word(HOLD.over), details: { ...details, action: "" },
  };
}

/**
 * As `describe()`, where staff said what became of a hold.
 * @param {Outcome} outcome
 * @param {Ends} ends
 * @param {Scene} scene
 * @returns {Shown}
 */
export function describeEnd(outcome, { how, held }, scene) {
  const shown = describe(outcome, scene);
  if (outcome.kind === "answer") {
    const { verdict, conflict } = outcome.answer;
    // Said of what is handed over already: nobody is to do it twice.
    if (how === "confirm" && verdict === "redeemed") {
      return { ...shown, sentence: "", details: { ...shown.details, action: word(HOLD.done) } };
    }
    if (how === "release" || !conflict) return shown;
    const [, , said] = lookOf(verdict);
    return {
      ...shown, name: "conflict", tone: "warn", shape: "hand", word: word(HOLD.conflictWord),
      sentence: word(HOLD.conflict, said), details: { ...shown.details, action: "" },
    };
  }
  const sentence = outcome.kind === "problem" ? outcome.sentence : word(HOLD.tellAgain);
  const perk = held.voucher?.perk.name ?? "";
  return { ...shown, word: word(HOLD.notTold), sentence, details: { ...NO_DETAILS, perk } };
}

/** How what a supervisor decided is told. Pure. */

import { NO_DETAILS, describe } from "../verdict.js";
import { word } from "../words/language.js";
import { OWED, REFUND } from "../words/supervisor.js";

/** @import {Answer, Outcome} from "../contract.js" */
/** @import {Scene} from "../moments.js" */
/** @import {Shown} from "../verdict.js" */

/**
 * @param {Outcome} outcome of a refund
 * @param {Scene} scene
 * @returns {Shown}
 */
export function describeRefund(outcome, scene) {
  if (outcome.kind === "answer") return refunded(outcome.answer);
  const shown = describe(outcome, scene);
  const details = { ...NO_DETAILS };
  if (outcome.kind === "silence") return { ...shown, details };
  return { ...shown, word: word(REFUND.not_done), details };
}

/**
 * @param {Answer} answer
 * @returns {Shown}
 */
function refunded({ member, voucher, replacement, owed, rest }) {
  const news = replacement ? word(REFUND.sent, replacement) : word(REFUND.owed, why(owed));
  const more = rest ? [word(REFUND.rest, rest)] : [];
  return {
    name: "refund", tone: "checked", shape: "undo", word: word(REFUND.word), sentence: news,
    details: {
      ...NO_DETAILS,
      member: member?.display_name ?? "",
      notes: more,
      reference: voucher?.reference ?? "",
    },
  };
}

/** @param {string | null | undefined} owed */
function why(owed) {
  return owed && Object.hasOwn(OWED, owed) ? word(OWED[/** @type {keyof typeof OWED} */ (owed)]) : "";
}

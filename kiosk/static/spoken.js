/** Says a verdict to who hears it. Pure. */

import { isYes } from "./looks.js";
import { SPOKEN } from "./words/answers.js";
import { word as say } from "./words/language.js";

/** @import {Shown} from "./verdict.js" */

/**
 * The whole verdict as one announcement.
 * @param {Shown} shown
 * @returns {string}
 */
export function spoken({ tone, word, sentence, details }) {
  const { action, perk, coupon, member, first, staff, notes, clock, own } = details;
  const goods = isYes(tone)
    ? [`${action}: ${perk || say(SPOKEN.perk)}`, coupon && say(SPOKEN.coupon, coupon)]
    : [action, perk];
  const parts = [word, ...goods, own, member, sentence, first, staff, notes.join(", "), clock];
  return parts.filter(Boolean).map(ended).join(" ");
}

/** @param {string} text */
function ended(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What is said about a sign-in, and about who somebody is. */

import { clockTime } from "../moments.js";
import { word } from "../words/language.js";
import { REFUSED, ROLES } from "../words/sign-in.js";

/** @import {SignedIn} from "./operators.js" */

/** @param {string} role */
export function roleWord(role) {
  return word(role === "supervisor" ? ROLES.supervisor : ROLES.steward);
}

/**
 * @param {SignedIn} told
 * @param {string} [timeZone]
 * @returns {string} why they are not signed in
 */
export function sentenceOf(told, timeZone) {
  if (told.kind === "in") return "";
  if (told.kind === "wrong") return word(REFUSED.wrong, told.left);
  if (told.kind === "locked") return word(REFUSED.locked, clockTime(new Date(told.until), timeZone));
  return told.kind === "other" ? told.sentence || word(REFUSED.other) : word(REFUSED[told.kind]);
}

/** Says that the device decided by itself, by what, and what nobody looked at. Pure. */

import { isYes } from "./looks.js";
import { ago } from "./moments.js";
import { OWN, UNCHECKED } from "./words/answers.js";
import { word } from "./words/language.js";
import { PARTS } from "./words/facts.js";

/** @import {Answer} from "./contract.js" */
/** @import {Tone} from "./looks.js" */
/** @import {Scene} from "./moments.js" */
/** @import {Said} from "./words/language.js" */

/**
 * @param {Answer} answer
 * @param {Tone} tone
 * @param {Scene} scene
 * @returns {string} empty where the server answered
 */
export function ownWord({ own, voucher, server_time: now }, tone, { timeZone }) {
  if (!own || (!own.isFinal && !voucher)) return "";
  const asOf = ago(Date.parse(own.asOf), Date.parse(now ?? own.asOf), timeZone);
  const begins = isYes(tone) ? `${word(OWN.not_confirmed)}\n` : `${word(OWN.decided)} `;
  const open = own.unchecked.map(unchecked).join(word(PARTS.and));
  return `${begins}${word(OWN.known, asOf)}${open ? ` ${word(OWN.unchecked, open)}` : ""}`;
}

/** @param {string} name */
function unchecked(name) {
  const said = /** @type {Record<string, Said<[]>>} */ (UNCHECKED)[name];
  return said ? word(said) : name;
}

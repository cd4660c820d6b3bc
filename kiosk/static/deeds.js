/** What staff do for a perk, by its kind: the server says the same in its sentences. Pure. */

import { DEEDS, HAND_OVER } from "./words/deeds.js";
import { word } from "./words/language.js";

/**
 * @typedef {Object} Deed
 * @property {string} action over the perk's name
 * @property {string} inside the same in the middle of a sentence
 * @property {string} redeemed over the perk's name, once it is redeemed
 */

/**
 * @param {string} [kind]
 * @returns {Deed}
 */
export function deed(kind = "item") {
  const { action, inside, done = action } = (Object.hasOwn(DEEDS, kind) ? DEEDS[kind] : undefined) ?? HAND_OVER;
  return { action: word(action), inside: word(inside), redeemed: word(done) };
}

/** How many of what: said where it is more than one. Pure. */

import { GOODS } from "../words/goods.js";
import { word } from "../words/language.js";

/**
 * @param {number} uses
 * @param {string} perk
 * @returns {string} as 2 × Coffee
 */
export function counted(uses, perk) {
  return uses > 1 ? word(GOODS.times, uses, perk) : perk;
}

/** What staff do for a perk, by its kind: the server says the same in its sentences. Pure. */

/**
 * @typedef {Object} Deed
 * @property {string} action over the perk's name
 * @property {string} inside the same in the middle of a sentence
 */

/** @type {Deed} */
const HAND_OVER = { action: "Hand over", inside: "hand it over" };

/** @type {Record<string, Deed>} */
const DEEDS = {
  item: HAND_OVER,
  pickup: HAND_OVER,
  priority_entry: { action: "Let them in first", inside: "let them in first" },
  early_access: { action: "Let them in", inside: "let them in" },
  discount: { action: "Give the discount", inside: "give the discount" },
};

/**
 * @param {string} [kind]
 * @returns {Deed}
 */
export function deed(kind = "item") {
  return (Object.hasOwn(DEEDS, kind) ? DEEDS[kind] : undefined) ?? HAND_OVER;
}

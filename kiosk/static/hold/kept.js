/**
 * Remembers what is held while the page is loaded anew. In this tab alone, and for as long as it is worth
 * asking about: whoever is named in it is forgotten with the tab.
 */

import { heldFor } from "./held.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Sighting} from "../repeats.js" */

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Shelf */

/**
 * @typedef {Object} KeptHold
 * @property {Pick<Sighting, "entry" | "mode" | "identityConfirmed" | "follows" | "uses">} sighting
 * @property {Extract<Outcome, {kind: "answer"}>} outcome
 * @property {number} until by this device's clock, in Unix milliseconds
 */

const KEY = "keepsake.held";
/** Whoever is asked later than this does not know any more. */
export const ASKED_FOR_MS = 10 * 60 * 1000;

/**
 * @param {Shelf} shelf
 * @param {Sighting} sighting
 * @param {Extract<Outcome, {kind: "answer"}>} outcome what is held
 * @param {number} now
 */
export function keepHold(shelf, { entry, mode, identityConfirmed, follows, uses }, outcome, now) {
  const sighting = { entry, mode, identityConfirmed, follows, uses };
  try {
    shelf.setItem(KEY, JSON.stringify({ sighting, outcome, until: now + heldFor(outcome) }));
  } catch {
    // A full disk: after a reload the hold ends by itself.
  }
}

/** @param {Shelf} shelf */
export function forgetHold(shelf) {
  shelf.removeItem(KEY);
}

/**
 * @param {Shelf} shelf
 * @param {number} now
 * @returns {KeptHold | null} null where nothing is held, or nobody knows any more
 */
export function keptHold(shelf, now) {
  try {
    const kept = JSON.parse(shelf.getItem(KEY) ?? "null");
    return kept && now < kept.until + ASKED_FOR_MS ? kept : null;
  } catch {
    return null;
  }
}

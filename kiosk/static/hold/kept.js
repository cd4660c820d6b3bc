/**
 * Remembers what is held while the page is loaded anew. In this tab alone, and for as long as it is worth
 * asking about: whoever is named in it is forgotten with the tab.
 */

import { isSupervised } from "../supervisor/choices.js";
import { heldFor } from "./held.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Sighting} from "../repeats.js" */

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Shelf */

/**
 * @typedef {Object} KeptHold
 * @property {Pick<Sighting, "entry" | "mode" | "identityConfirmed" | "follows" | "uses"> & {supervised?: boolean}} sighting
 * @property {Extract<Outcome, {kind: "answer"}>} outcome
 * @property {number} until by this device's clock, in Unix milliseconds
 */

const KEY = "keepsake.held";
/** Whoever is asked later than this does not know any more. */
export const ASKED_FOR_MS = 10 * 60 * 1000;

/**
 * @param {Shelf} shelf
 * @param {Sighting} of
 * @param {Extract<Outcome, {kind: "answer"}>} outcome what is held
 * @param {number} now
 */
export function keepHold(shelf, of, outcome, now) {
  const { entry, mode, identityConfirmed, follows, uses } = of;
  const sighting = { entry, mode, identityConfirmed, follows, uses, supervised: isSupervised(of) };
  const kept = { sighting, outcome, until: now + heldFor(outcome) };
  write(shelf, { ...read(shelf), [outcome.attemptId]: kept });
}

/**
 * @param {Shelf} shelf
 * @param {string} attemptId the attempt that held
 */
export function forgetHold(shelf, attemptId) {
  const { [attemptId]: _, ...left } = read(shelf);
  write(shelf, left);
}

/**
 * @param {Shelf} shelf
 * @param {number} now
 * @returns {KeptHold[]} what is held and somebody may still know of, the first first
 */
export function keptHolds(shelf, now) {
  const kept = Object.values(read(shelf)).filter(({ until }) => now < until + ASKED_FOR_MS);
  return kept.sort((one, other) => one.until - other.until);
}

/**
 * @param {Shelf} shelf
 * @returns {Record<string, KeptHold>} by the attempt that holds
 */
function read(shelf) {
  try {
    const kept = Object.entries(JSON.parse(shelf.getItem(KEY) ?? "{}"));
    return Object.fromEntries(kept.filter(([, each]) => each?.sighting && each.outcome));
  } catch {
    return {};
  }
}

/**
 * @param {Shelf} shelf
 * @param {Record<string, KeptHold>} kept
 */
function write(shelf, kept) {
  try {
    if (Object.keys(kept).length === 0) shelf.removeItem(KEY);
    else shelf.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A full disk: after a reload the hold ends by itself.
  }
}

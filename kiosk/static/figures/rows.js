/** A station's figures as lines that staff read. Pure. */

import { FIGURES } from "../words/figures.js";
import { word } from "../words/language.js";

/**
 * @typedef {Object} Station as the server tells it
 * @property {string} as_of
 * @property {{perk: number, name: string, uses: number}[]} handed_out
 * @property {{item: string, variant: string, name: string, on_hand: number, free: number, low: boolean}[]} stock
 * @property {number} devices
 */

/** @typedef {{name: string, value: string, isLow?: boolean}} Row */

/**
 * Longer than this nothing new was heard: figures are only as good as their time.
 */
export const STALE_MS = 60_000;

/**
 * @param {unknown} told
 * @returns {told is Station} and no page of a network that is in between
 */
export function isStation(told) {
  const { as_of, handed_out, stock, devices } = /** @type {Partial<Station>} */ (told ?? {});
  return typeof as_of === "string" && Array.isArray(handed_out) && Array.isArray(stock)
    && typeof devices === "number";
}

/**
 * @param {Station} station
 * @returns {{handedOut: Row[], stock: Row[], total: number}}
 */
export function rowsOf({ handed_out: handed, stock }) {
  return {
    total: handed.reduce((sum, { uses }) => sum + uses, 0),
    handedOut: handed.map(({ name, uses }) => ({ name, value: String(uses) })),
    stock: stock.map(({ name, variant, on_hand, free, low }) => ({
      name: variant ? `${name}, ${variant}` : name,
      value: word(FIGURES.free, Math.max(free, 0), Math.max(on_hand - Math.max(free, 0), 0)),
      isLow: low,
    })),
  };
}

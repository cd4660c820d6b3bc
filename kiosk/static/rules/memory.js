/** What this device handed out by itself or with the server's word. Pure. */

/** @import {Row} from "./state.js" */

/**
 * One hand-over. It is kept for as long as its voucher may be shown; one that was undone is taken
 * out of the memory.
 * @typedef {Object} HandOver
 * @property {string} name its voucher's, see `voucher-name.js`
 * @property {number} uses
 * @property {string} at RFC 3339, by the server's clock
 * @property {string} station the station's name
 * @property {string} device
 * @property {string | null} operator
 * @property {number | null} recorded how many syncs this device had begun when the server answered
 *   that it has it; null while it has not
 */

/**
 * Uses that this device handed out and that the synced state may not have yet. A row counts them in
 * only where the device asked for it after the server had answered for the hand-over: what comes by
 * a sync that had begun before may have been read before.
 * @param {readonly HandOver[]} memory
 * @param {string} name
 * @param {Row | undefined} row
 * @returns {number}
 */
export function usesToSubtract(memory, name, row) {
  const open = of(memory, name).filter(
    ({ recorded }) => recorded === null || row === undefined || row.sync <= recorded,
  );
  return open.reduce((sum, { uses }) => sum + uses, 0);
}

/**
 * @param {readonly HandOver[]} memory
 * @param {string} name
 * @returns {HandOver | null} the earliest of a voucher on this device
 */
export function firstHere(memory, name) {
  const [first, ...others] = of(memory, name);
  if (first === undefined) return null;
  const isEarlier = (/** @type {HandOver} */ one, /** @type {HandOver} */ other) =>
    Date.parse(other.at) < Date.parse(one.at) ? other : one;
  return others.reduce(isEarlier, first);
}

/**
 * @param {readonly HandOver[]} memory
 * @param {string} name
 */
function of(memory, name) {
  return memory.filter((each) => each.name === name);
}

// @ts-check
/** What the server says of a wallet in between: by which key its codes are signed. */

import { forgetOthers } from "./store.js";

/**
 * @typedef {Object} Status
 * @property {number | null} signing the number of the key that signs live codes now
 * @property {Record<string, number>} vouchers for each that can be shown the key that signed its code
 */

const ADDRESS = "/wallet/status", PATIENCE_MS = 10_000;

/** The wallet's status; null where there is no answer. @returns {Promise<Status | null>} */
export async function ask() {
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(ADDRESS, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 401 || answer.status === 403) await leave();
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Signed out meanwhile: nothing stays, and the page says how to come in. */
export async function leave() {
  await forgetOthers();
  location.reload();
}

/**
 * Vouchers of which what is kept or shown is out of date: their key leaked, or they are over.
 * @param {Record<string, number>} known by which key each was signed then
 * @param {Status} status @returns {string[]}
 */
export function outdated(known, status) {
  return Object.keys(known).filter((reference) => known[reference] !== status.vouchers[reference]);
}

/** What was shown or typed at the desk: a code, or the beginning of a name. Pure. */

import { looksLikeToken } from "../entry.js";

/** A code that stays before the camera is no new one. */
export const UNSEEN_MS = 2500;
const CODE = /^(?=.*\d)[0-9a-z]{13}$/i;

/**
 * @param {string} text
 * @returns {boolean} whether it is a code and no name: no name has 13 letters with digits among them
 */
export function isCode(text) {
  return looksLikeToken(text) || CODE.test(text.replaceAll(/[\s-]/g, ""));
}

export class Sightings {
  /** @param {() => number} monotonic */
  constructor(monotonic = () => performance.now()) {
    this.monotonic = monotonic;
    this.last = "";
    this.at = -Infinity;
  }

  /**
   * @param {string} key what tells one voucher from another
   * @returns {boolean} whether it was not before the camera just now
   */
  isNew(key) {
    const now = this.monotonic();
    const isSame = key === this.last && now - this.at < UNSEEN_MS;
    this.last = key;
    this.at = now;
    return !isSame;
  }
}

// @ts-check
/** Which live code counts at a moment: pure, so that it is the same with and without a network. */

/**
 * What the server minted ahead.
 * @typedef {Object} Batch
 * @property {string} voucher
 * @property {number} key the number of the key that signed them
 * @property {string} server_time
 * @property {number} begins Unix seconds of the first code
 * @property {number} every seconds from one code to the next
 * @property {number} lasts seconds for which each is good
 * @property {string} prefix
 * @property {string[]} tokens
 */

/**
 * A batch as the phone keeps it.
 * @typedef {Object} Kept
 * @property {Batch} batch
 * @property {number} ahead milliseconds by which the server's clock is ahead of the phone's
 * @property {number} at the phone's time when it came
 */

const FRESH_MS = 30 * 60 * 1000;

/** What the phone keeps of an answer: the server's clock is taken for the middle of the wait.
 * @param {Batch} batch @param {number} asked @param {number} answered @returns {Kept} */
export function keep(batch, asked, answered) {
  const ahead = Date.parse(batch.server_time) - (asked + answered) / 2;
  return { batch, ahead, at: answered };
}

/** The server's time, as far as the phone can tell. @param {Kept} kept @param {number} now */
export const corrected = (kept, now) => now + kept.ahead;

/**
 * The newest code that has begun: at least half of its time is still to come.
 * @param {Kept} kept @param {number} now the phone's time
 * @returns {{text: string, left: number} | null} its QR's text, and seconds until the next one
 */
export function codeAt({ batch, ahead }, now) {
  const seconds = (now + ahead) / 1000 - batch.begins;
  const place = Math.floor(seconds / batch.every);
  const token = place < 0 ? undefined : batch.tokens[place];
  if (token === undefined) return null;
  return { text: batch.prefix + token, left: Math.ceil((place + 1) * batch.every - seconds) };
}

/** Until when the phone has codes, in milliseconds. @param {Kept} kept */
export function reaches({ batch, ahead }) {
  return (batch.begins + batch.every * batch.tokens.length) * 1000 - ahead;
}

/**
 * Whether it is time to fetch more: they are old, over, or signed by another key than signs now. That
 * there is nothing to show yet, before the voucher's time, is no reason.
 * @param {Kept | null} kept @param {number} now @param {number} [key] that signs now, where it is known
 */
export function isStale(kept, now, key) {
  if (!kept || now - kept.at > FRESH_MS || now < kept.at || now >= reaches(kept)) return true;
  return key !== undefined && key !== kept.batch.key;
}

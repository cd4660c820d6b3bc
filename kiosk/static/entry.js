/**
 * What was scanned or typed, read without judging it: a code as printed on the card, or the text
 * of a QR. Whether it is worth anything is the server's word.
 */

import { ENTRY } from "./words/entry.js";
import { word } from "./words/language.js";

/**
 * @typedef {Object} Entry
 * @property {"token" | "code" | "reference"} kind how it is sent
 * @property {string} text what is sent
 * @property {string | null} voucher the voucher it names, unverified: only good for telling repeats
 */

const CODE_LENGTH = 13;
const CODE_ALPHABET = /^[0-9A-HJKMNP-TV-Z]+$/;
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const PAYLOAD_LETTERS = 39;

/** What may stand around a token: trim() would leave some of it. */
const AROUND = /^[\x09-\x0d\x1c-\x20]+|[\x09-\x0d\x1c-\x20]+$/g;

// The longest token is 256 characters: more than that is refused whatever follows, so a foreign
// QR (somebody's ticket, a contact card) need not be sent whole.
const LONGEST_SENT = 300;

/**
 * @param {string} text
 * @returns {boolean} whether it can only be the text of a QR
 */
export function looksLikeToken(text) {
  return text.includes(".") || text.includes("://");
}

/**
 * The voucher id inside a token, as 16 hexadecimal digits. The wallet shows a new token of the
 * same voucher every 30 seconds, so its text alone does not tell whether it was just handled.
 * @param {string} text
 * @returns {string | null}
 */
export function voucherIn(text) {
  const upper = text.replace(AROUND, "").toUpperCase();
  const body = upper.slice(upper.lastIndexOf("/") + 1).split(".")[0] ?? "";
  if (body.length !== PAYLOAD_LETTERS) return null;
  let bits = 0n;
  for (const letter of body) {
    const value = BASE32.indexOf(letter);
    if (value < 0) return null;
    bits = (bits << 5n) | BigInt(value);
  }
  // 39 letters are 195 bits: three of padding, then 8 bytes of dates, then the id.
  const id = (bits >> 67n) & 0xffff_ffff_ffff_ffffn;
  return id.toString(16).padStart(16, "0");
}

/**
 * @param {string} text what a QR says
 * @returns {Entry}
 */
export function scanned(text) {
  return { kind: "token", text: text.slice(0, LONGEST_SENT), voucher: voucherIn(text) };
}

/**
 * Reads what was typed, pasted, or sent by a scanner that acts as a keyboard.
 * @param {string} text
 * @returns {{entry: Entry} | {complaint: string}}
 */
export function typed(text) {
  const trimmed = text.trim();
  if (looksLikeToken(trimmed)) return { entry: scanned(trimmed) };
  const code = compact(trimmed).replaceAll("O", "0").replace(/[IL]/g, "1");
  if (code === "") return { complaint: word(ENTRY.empty) };
  if (code.length !== CODE_LENGTH) {
    return { complaint: word(ENTRY.length, code.length) };
  }
  if (!CODE_ALPHABET.test(code)) {
    return { complaint: word(ENTRY.letters) };
  }
  return { entry: { kind: "code", text: grouped(code), voucher: null } };
}

/**
 * How the field shows its text while somebody types: a code in groups of 4-4-5. Letters stay as
 * typed until the code is sent: the same keys may turn out to be the beginning of a token.
 * @param {string} text
 * @returns {string}
 */
export function formatted(text) {
  const mark = text.search(/[.:]/);
  if (mark >= 0) return compact(text.slice(0, mark)) + text.slice(mark);
  const letters = compact(text);
  if (!/^[0-9A-Z]*$/.test(letters)) return text;
  return letters.length > CODE_LENGTH ? letters : grouped(letters);
}

/**
 * Where the caret belongs after formatting: behind as many characters as before.
 * @param {string} before text up to the caret, as typed
 * @param {string} after the whole text, formatted
 * @returns {number}
 */
export function caretAfter(before, after) {
  if (/[.:]/.test(after)) return Math.min(before.length, after.length);
  let left = compact(before).length;
  let at = 0;
  while (left > 0 && at < after.length) {
    if (after[at] !== "-") left -= 1;
    at += 1;
  }
  return at;
}

/**
 * The voucher that an entry names, unverified: a code is its voucher's id, see
 * `voucher/token/codes.py`.
 * @param {Entry} entry
 * @returns {string | null} 16 hexadecimal digits
 */
export function voucherOf({ kind, text, voucher }) {
  const code = compact(text);
  if (kind !== "code" || code.length !== CODE_LENGTH) return voucher;
  const id = [...code].reduce((bits, letter) => (bits << 5n) | BigInt(CROCKFORD.indexOf(letter)), 0n);
  return BigInt.asUintN(64, id).toString(16).padStart(16, "0");
}

/** @param {string} text */
function compact(text) {
  return text.replace(/[\s\-\u2010-\u2015]/g, "").toUpperCase();
}

/** @param {string} letters */
function grouped(letters) {
  return [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)].filter(Boolean).join("-");
}

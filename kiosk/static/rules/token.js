/**
 * The voucher token's nine checks, as the server makes them: the twin of `voucher/token/` in
 * Python, held to it by shared vectors and by generated cases. Nothing here asks a network.
 */

/** @import {KeySet} from "./keyset.js" */

/**
 * @typedef {"ok" | "malformed" | "unsupported_version" | "revoked_key" | "unknown_key"
 *   | "bad_signature" | "not_yet_valid" | "expired" | "live_required" | "online_required"} Verdict
 */

/**
 * What a token says, once its signature is checked; times in Unix seconds.
 * @typedef {Object} Payload
 * @property {number} version
 * @property {number} key the number of the key that signed it
 * @property {number} flags
 * @property {number} perk
 * @property {string} voucher its id as 16 hexadecimal digits: no Number holds 64 bits
 * @property {number} valid_from the first valid second
 * @property {number} valid_until the first invalid one
 */

/**
 * Unix seconds: the first valid one, and the first that is invalid again.
 * @typedef {{valid_from: number, valid_until: number}} Window
 */

/**
 * Says whether a signature (64 bytes) over a message is that of a public key (32 bytes) by RFC 8032,
 * without ZIP 215's wider rules.
 * @typedef {(signature: Uint8Array, message: Uint8Array, key: Uint8Array) => Promise<boolean>}
 *   VerifySignature
 */

/** @typedef {{verdict: Verdict, payload: Payload | null}} Answer */

const VERSION = 1;
const PAYLOAD_BYTES = 24;
const SIGNATURE_BYTES = 64;
const LONGEST_TEXT = 256;
const LIVE_SECONDS_AT_MOST = 120;
const LIVE_TOLERANCE = 30;
export const OFFLINE_OK = 1;
const LIVE_REQUIRED = 2;
export const LIVE = 4;
const ALL_FLAGS = OFFLINE_OK | LIVE_REQUIRED | LIVE;
const PREFIX = "keepsake.voucher.v1:";
const ROUTE = "/V/";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// Named, because Python's strip() and trim() differ in what is white space.
const AROUND = /^[\x09-\x0d\x1c-\x20]+|[\x09-\x0d\x1c-\x20]+$/g;

/**
 * Makes all nine checks; the first that fails is the answer, and nothing is thrown.
 * @param {string} text what a scanner saw
 * @param {KeySet} keys
 * @param {number} now Unix seconds
 * @param {VerifySignature} verifySignature
 * @param {{offline?: boolean, window?: Window | null}} [circumstances] `offline` where no record
 *   can be asked; `window` is the record's later word, if it has one
 * @returns {Promise<Answer>} the payload only where the verdict is `ok`
 */
export async function verify(text, keys, now, verifySignature, circumstances = {}) {
  const { verdict, payload } = await read(text, keys, verifySignature);
  if (payload === null) return { verdict, payload };
  const judged = judge(payload, now, circumstances);
  return { verdict: judged, payload: judged === "ok" ? payload : null };
}

/**
 * Checks one to six: from a text to a payload that may be believed. Nothing is said yet about time.
 * @param {string} text
 * @param {KeySet} keys
 * @param {VerifySignature} verifySignature
 * @returns {Promise<Answer>}
 */
export async function read(text, keys, verifySignature) {
  const sealed = takeApart(text);
  if (typeof sealed === "string") return refused(sealed);
  const { payload, body, signature } = sealed;
  if (keys.revoked.has(payload.key)) return refused("revoked_key");
  const key = keys.public.get(payload.key);
  if (key === undefined) return refused("unknown_key");
  const message = new TextEncoder().encode(PREFIX + body);
  if (!(await verifySignature(signature, message, key))) return refused("bad_signature");
  return isSound(payload) ? { verdict: "ok", payload } : refused("malformed");
}

/**
 * Checks seven to nine: whether a believed payload counts here and now.
 * @param {Payload} payload
 * @param {number} now Unix seconds
 * @param {{offline?: boolean, window?: Window | null}} [circumstances]
 * @returns {Verdict}
 */
export function judge(payload, now, { offline = false, window = null } = {}) {
  const isLive = (payload.flags & LIVE) !== 0;
  // The record's window takes the place of a static token's own; a live token's minute always
  // counts, and the record's window with it.
  const signed = isLive || window === null
    ? outside(payload, now, isLive ? LIVE_TOLERANCE : 0)
    : null;
  const verdict = signed ?? (window === null ? null : outside(window, now, 0));
  if (verdict !== null) return verdict;
  if ((payload.flags & LIVE_REQUIRED) !== 0 && !isLive) return "live_required";
  if (offline && (payload.flags & OFFLINE_OK) === 0) return "online_required";
  return "ok";
}

/**
 * Checks one to three.
 * @param {string} text
 * @returns {{payload: Payload, body: string, signature: Uint8Array} | Verdict}
 */
function takeApart(text) {
  // Before upper-casing: letters outside ASCII may become ASCII by it.
  if (text.length > LONGEST_TEXT || /[^\x00-\x7f]/.test(text)) return "malformed";
  const token = findToken(text.replace(AROUND, "").toUpperCase());
  const [body, sealed, ...rest] = (token ?? "").split(".");
  if (body === undefined || sealed === undefined || rest.length > 0) return "malformed";
  const raw = decode(body);
  const signature = decode(sealed);
  if (raw === null || signature === null || raw[0] === undefined) return "malformed";
  if (raw[0] !== VERSION) return "unsupported_version";
  if (raw.length !== PAYLOAD_BYTES || signature.length !== SIGNATURE_BYTES) return "malformed";
  return { payload: unpack(raw), body, signature };
}

/**
 * @param {string} text stripped and in upper case
 * @returns {string | null} what follows an address's last `/V/`; null for another address
 */
function findToken(text) {
  if (!text.includes("://")) return text;
  const at = text.lastIndexOf(ROUTE);
  return at < 0 ? null : text.slice(at + ROUTE.length);
}

/**
 * Base32 in its one canonical spelling: RFC 4648, upper case, no padding, spare bits zero.
 * @param {string} text
 * @returns {Uint8Array | null} null for any other text
 */
function decode(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let [held, bits, at] = [0, 0, 0];
  for (const letter of text) {
    const value = BASE32.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return bits > 4 || held !== 0 ? null : bytes;
}

/**
 * @param {Uint8Array} raw 24 bytes
 * @returns {Payload}
 */
function unpack(raw) {
  const view = new DataView(raw.buffer, raw.byteOffset);
  const voucher = [...raw.subarray(8, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    version: view.getUint8(0),
    key: view.getUint16(1),
    flags: view.getUint8(3),
    perk: view.getUint32(4),
    voucher,
    valid_from: view.getUint32(16),
    valid_until: view.getUint32(20),
  };
}

/**
 * Check six: no reserved flag, dates in order, a live token no longer than it may be.
 * @param {Payload} payload
 */
function isSound({ flags, valid_from: from, valid_until: until }) {
  const lasts = until - from;
  const isShort = (flags & LIVE) === 0 || lasts <= LIVE_SECONDS_AT_MOST;
  return (flags & ~ALL_FLAGS) === 0 && lasts > 0 && isShort;
}

/**
 * @param {Window} window
 * @param {number} now
 * @param {number} tolerance seconds on each side
 * @returns {Verdict | null}
 */
function outside(window, now, tolerance) {
  if (now < window.valid_from - tolerance) return "not_yet_valid";
  return now >= window.valid_until + tolerance ? "expired" : null;
}

/**
 * @param {Verdict} verdict
 * @returns {Answer}
 */
function refused(verdict) {
  return { verdict, payload: null };
}

/**
 * The public keys that a device knows, read from a JSON Web Key Set (RFC 7517, RFC 8037): the twin
 * of `voucher/token/keyset.py`.
 */

/**
 * @typedef {Object} KeySet
 * @property {Map<number, Uint8Array>} public raw keys of 32 bytes, by number
 * @property {Set<number>} revoked
 */

/** The document is not a key set at all; single unknown entries are passed over. */
export class KeySetUnreadable extends Error {}

const KID = /^ks1-([1-9][0-9]{0,4})$/;
const HIGHEST_KEY = 65535;
/** @type {Record<string, string>} */
const OURS = { kty: "OKP", crv: "Ed25519", use: "sig", alg: "EdDSA" };
const DEMANDED = ["kty", "crv"];
// 32 bytes are 43 letters, the last of which has two spare bits: they are zero.
const RAW_KEY = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/**
 * Reads a key set, passing over every entry that is not one of ours.
 * @param {unknown} document
 * @returns {KeySet}
 * @throws {KeySetUnreadable} where it is not an object, where `keys` is not a list, or where
 *   `revoked` is there and not a list: to overlook that one would accept leaked keys
 */
export function keySetFrom(document) {
  if (!isObject(document)) throw new KeySetUnreadable("A key set is a JSON object.");
  const { keys, revoked = [] } = document;
  if (!Array.isArray(keys) || !Array.isArray(revoked)) {
    throw new KeySetUnreadable("A key set has a list 'keys', and 'revoked' is a list.");
  }
  /** @type {Map<number, Uint8Array>} */
  const known = new Map();
  for (const entry of keys) {
    if (!isObject(entry) || !isOurs(entry)) continue;
    const number = numberOf(entry.kid);
    const raw = rawKey(entry.x);
    if (number !== null && raw !== null) known.set(number, raw);
  }
  return { public: known, revoked: new Set(revoked.filter(Number.isInteger)) };
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {Record<string, unknown>} entry */
function isOurs(entry) {
  // RFC 7517: "use" and "alg" are optional, "kty" is not; "crv" is what makes it Ed25519.
  return Object.keys(OURS).every(
    (name) => Object.hasOwn(entry, name) ? entry[name] === OURS[name] : !DEMANDED.includes(name),
  );
}

/** @param {unknown} kid */
function numberOf(kid) {
  const found = typeof kid === "string" ? KID.exec(kid) : null;
  const number = found ? Number(found[1]) : 0;
  return number >= 1 && number <= HIGHEST_KEY ? number : null;
}

/** @param {unknown} text base64url, in its one canonical spelling */
function rawKey(text) {
  if (typeof text !== "string" || !RAW_KEY.test(text)) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

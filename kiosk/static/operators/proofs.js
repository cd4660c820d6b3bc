/**
 * What a device keeps of a PIN to know it again: stretched, then signed by a key that the browser
 * does not give out. It is nothing that the server has, and worth nothing on another device.
 */

/** @typedef {{salt: Uint8Array<ArrayBuffer>, rounds: number, proof: ArrayBuffer}} Proof */

/** Half a second on a slow phone. */
export const ROUNDS = 600_000;
/** @type {HmacKeyGenParams} */
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** @returns {Promise<CryptoKey>} that can be kept on the disk, and not be read */
export async function newKey() {
  return crypto.subtle.generateKey(HMAC, false, ["sign", "verify"]);
}

/**
 * @param {string} pin
 * @param {CryptoKey} key
 * @param {number} [rounds]
 * @returns {Promise<Proof>}
 */
export async function prove(pin, key, rounds = ROUNDS) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const proof = await crypto.subtle.sign(HMAC, key, await stretch(pin, salt, rounds));
  return { salt, rounds, proof };
}

/**
 * @param {string} pin
 * @param {Proof} kept
 * @param {CryptoKey} key
 * @returns {Promise<boolean>}
 */
export async function matches(pin, { salt, rounds, proof }, key) {
  return crypto.subtle.verify(HMAC, key, proof, await stretch(pin, salt, rounds));
}

/**
 * @param {string} pin
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} iterations
 */
async function stretch(pin, salt, iterations) {
  const raw = new TextEncoder().encode(pin);
  const secret = await crypto.subtle.importKey("raw", raw, "PBKDF2", false, ["deriveBits"]);
  return crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, secret, 256);
}

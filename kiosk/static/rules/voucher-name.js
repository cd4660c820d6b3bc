/** What a device knows a voucher by: its id is its code, and a device must not keep that. */

const BYTES = 12;

/**
 * @param {string} voucher its id as 16 hexadecimal digits
 * @returns {Promise<string>} base64url of the first 12 bytes of the SHA-256 of the id's 8 bytes
 */
export async function nameOf(voucher) {
  const id = Uint8Array.from(voucher.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", id));
  const binary = String.fromCharCode(...digest.subarray(0, BYTES));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_");
}

/** Tokens of one voucher, signed by a key of tests. */

import { getPublicKeyAsync, signAsync, verifyAsync } from "@noble/ed25519";

export const NOON = Date.parse("2026-11-27T11:00:00Z");
export const [FROM, UNTIL] = [NOON / 1000 - 3600, NOON / 1000 + 3600];
export const VOUCHER = "00000000000004fd";
export const NAME = "_KBe1vp-5hA-_Wfz";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET = new Uint8Array(32).fill(7);
export const [OFFLINE_OK, LIVE_REQUIRED, LIVE] = [1, 2, 4];

const base32 = (bytes) => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{1,5}/g).map((five) => LETTERS[parseInt(five.padEnd(5, "0"), 2)]).join("");
};
const base64url = (bytes) => Buffer.from(bytes).toString("base64url");
export const verifySignature = (signature, message, key) =>
  verifyAsync(signature, message, key, { zip215: false });

export async function token({ flags = OFFLINE_OK, perk = 5, from = FROM, until = UNTIL } = {}) {
  const raw = Buffer.alloc(24);
  raw[0] = 1;
  raw.writeUInt16BE(7, 1);
  raw[3] = flags;
  raw.writeUInt32BE(perk, 4);
  raw.write(VOUCHER, 8, "hex");
  raw.writeUInt32BE(from, 16);
  raw.writeUInt32BE(until, 20);
  const body = base32(raw);
  const message = new TextEncoder().encode(`keepsake.voucher.v1:${body}`);
  return `${body}.${base32(await signAsync(message, SECRET))}`;
}

export const key = { kty: "OKP", crv: "Ed25519", kid: "ks1-7", x: base64url(await getPublicKeyAsync(SECRET)) };

/** The perk that they are for. */
export const PERK = {
  name: "Enamel pin", kind: "item", hand_over: null, coupon: null, staff_note: null, identity: false,
  minimum_age: null, live: false, offline: true, stations: null, closed: [], uses: 1,
};

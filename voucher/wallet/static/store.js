// @ts-check
/**
 * What the phone keeps of a wallet: pages and live codes, in one cache for each session. To forget
 * a wallet is to delete its cache; that of another member is deleted as soon as it is met.
 */

/** @import {Kept} from "./batch.js" */

const WALLETS = "keepsake-wallet-";

/** @param {string} wallet */
const cacheOf = (wallet) => caches.open(WALLETS + wallet);

/** Forgets every wallet but this one; all of them, where none is named. @param {string} [wallet] */
export async function forgetOthers(wallet) {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(WALLETS) && name !== WALLETS + (wallet ?? ""));
  await Promise.all(others.map((name) => caches.delete(name)));
}

/**
 * Keeps a page of this wallet for when there is no network.
 * @param {string} wallet @param {string} address
 */
export async function keepPage(wallet, address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.headers.get("Keepsake-Wallet") !== wallet) return;
  await (await cacheOf(wallet)).put(address, answer);
}

/** @param {string} wallet @param {string} address @returns {Promise<Kept | null>} */
export async function keptCodes(wallet, address) {
  const found = await (await cacheOf(wallet)).match(address);
  return found ? found.json() : null;
}

/** @param {string} wallet @param {string} address @param {Kept} kept */
export async function keepCodes(wallet, address, kept) {
  const answer = new Response(JSON.stringify(kept), { headers: { "Content-Type": "application/json" } });
  await (await cacheOf(wallet)).put(address, answer);
}

/** @param {string} wallet @param {string} address */
export async function dropCodes(wallet, address) {
  await (await cacheOf(wallet)).delete(address);
}

// @ts-check
/**
 * What the phone keeps of a wallet: pages and live codes, in one cache for each session. To forget
 * a wallet is to delete its cache; that of another member is deleted as soon as it is met.
 */

/** @import {Kept} from "./batch.js" */

const WALLETS = "keepsake-wallet-", KEYS = "/wallet/keys-of-kept-pages";

/** @param {string} wallet */
const cacheOf = (wallet) => caches.open(WALLETS + wallet);

/** Forgets every wallet but this one; all of them, where none is named. @param {string} [wallet] */
export async function forgetOthers(wallet) {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(WALLETS) && name !== WALLETS + (wallet ?? ""));
  await Promise.all(others.map((name) => caches.delete(name)));
}

/**
 * Keeps a page of this wallet for when there is no network, as it is now; one that is gone is dropped.
 * @param {string} wallet @param {string} address @returns {Promise<boolean>} whether that was done
 */
export async function keepPage(wallet, address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (answer.status === 404) {
    await (await cacheOf(wallet)).delete(address);
    return true;
  }
  if (!answer.ok || answer.headers.get("Keepsake-Wallet") !== wallet) return false;
  await (await cacheOf(wallet)).put(address, answer);
  return true;
}

/** By which key each voucher of the wallet was signed when its page was kept.
 * @param {string} wallet @returns {Promise<Record<string, number>>} */
export async function keptKeys(wallet) {
  const found = await (await cacheOf(wallet)).match(KEYS);
  return found ? found.json() : {};
}

/** @param {string} wallet @param {Record<string, number>} keys */
export async function keepKeys(wallet, keys) {
  await (await cacheOf(wallet)).put(KEYS, new Response(JSON.stringify(keys)));
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

// @ts-check
/**
 * The wallet's service worker: shows what was kept where there is no network. A page says in a
 * header whose wallet it is of; where it says "none", everything that was kept is forgotten.
 */

/** @typedef {Event & {waitUntil(done: Promise<unknown>): void}} LifeEvent */
/** @typedef {LifeEvent & {request: Request, respondWith(answer: Promise<Response>): void}} FetchEvent */

const SHELL = "keepsake-shell-1", WALLETS = "keepsake-wallet-";
const HEADER = "Keepsake-Wallet", NONE = "none";
const PATIENCE_MS = 4000;
const FILES = [
  "/static/keepsake.css",
  "/static/icon.svg",
  "/wallet/manifest.webmanifest",
  ...["wallet.css", "wallet.js", "countdown.js", "live.js", "batch.js", "status.js", "store.js", "qr.js", "codewords.js", "icon-192.png"]
    .map((name) => `/wallet/static/${name}`),
];

const worker = /** @type {any} */ (self);

worker.addEventListener("install", (/** @type {LifeEvent} */ event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {LifeEvent} */ event) => {
  event.waitUntil(tidy().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {FetchEvent} */ event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (FILES.includes(url.pathname)) event.respondWith(fromNetwork(request, SHELL, url.pathname));
  else if (isPage(request, url)) event.respondWith(page(event));
});

/** Pages and pictures of the wallet; never a way in, whose address holds a secret, nor live codes,
 * nor what a page wants from the network alone.
 * @param {Request} request @param {URL} url */
function isPage(request, url) {
  if (request.cache === "no-store") return false;
  if (!url.pathname.startsWith("/wallet/") || url.pathname.startsWith("/wallet/enter/")) return false;
  return request.mode === "navigate" || request.headers.get("Accept") === "text/html"
    || url.pathname.endsWith("/picture");
}

async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("keepsake-shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Files of ours: the newest where there is a network, else what was kept.
 * @param {Request} request @param {string} name @param {string} key */
async function fromNetwork(request, name, key) {
  const kept = await (await caches.open(name)).match(key);
  try {
    const answer = await within(fetch(request), kept);
    if (answer.ok) await (await caches.open(name)).put(key, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** @param {FetchEvent} event */
async function page(event) {
  const { request } = event;
  const kept = await caches.match(request.url, { ignoreVary: true });
  try {
    const asked = fetch(request);
    event.waitUntil(asked.then((answer) => remember(request, answer.clone())).catch(() => null));
    return await within(asked, kept);
  } catch (error) {
    if (kept) return kept;
    const home = await caches.match("/wallet/", { ignoreVary: true });
    if (home && request.mode === "navigate") return home;
    throw error;
  }
}

/** What was kept takes the place of a network that is there and answers nothing.
 * @param {Promise<Response>} asked @param {Response | undefined} kept */
function within(asked, kept) {
  if (!kept) return asked;
  const slow = new Promise((/** @type {(late: Response) => void} */ resolve) => {
    setTimeout(() => resolve(kept), PATIENCE_MS);
  });
  return Promise.race([asked, slow]);
}

/** @param {Request} request @param {Response} answer */
async function remember(request, answer) {
  const wallet = answer.headers.get(HEADER);
  if (wallet === null) return;
  await forgetOthers(wallet);
  if (wallet === NONE) return;
  const cache = await caches.open(WALLETS + wallet);
  // What is gone, such as another's voucher, is not shown from before either.
  if (answer.ok) await cache.put(request.url, answer);
  else await cache.delete(request.url);
}

/** @param {string} wallet */
async function forgetOthers(wallet) {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(WALLETS) && name !== WALLETS + wallet);
  await Promise.all(others.map((name) => caches.delete(name)));
}

// @ts-check
/**
 * The kiosk's service worker: the page, its scripts and its styles without a network. The server
 * writes above this which files there are and what is in each; together they are one version, and
 * a page is only ever given files of its own.
 */

/** @typedef {Event & {waitUntil(done: Promise<unknown>): void}} LifeEvent */
/** @typedef {LifeEvent & {request: Request, respondWith(answer: Promise<Response>): void}} FetchEvent */
/** @typedef {{version: string, files: Record<string, string>}} Kiosk each file's SHA-256 by its path */

const worker = /** @type {any} */ (self);
const { version, files } = /** @type {Kiosk} */ (worker.KIOSK);
const PREFIX = "keepsake-kiosk-", CACHE = PREFIX + version;
const PICTURES = "keepsake-pictures";
const PAGE = "/kiosk/", PICKUP = "/kiosk/pickup", HEADER = "Keepsake-Kiosk", NONE = "none";
const PATIENCE_MS = 3000;

worker.addEventListener("install", (/** @type {LifeEvent} */ event) => event.waitUntil(keepAll()));

worker.addEventListener("activate", (/** @type {LifeEvent} */ event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {FetchEvent} */ event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (Object.hasOwn(files, pathname)) event.respondWith(file(request, pathname));
  else if (request.destination === "image" && pathname.startsWith("/perks/")) event.respondWith(picture(request));
  else if (request.mode === "navigate" && pageAt(pathname)) event.respondWith(navigate(request, pageAt(pathname)));
});

/** @param {string} pathname @returns {string} by what a page is kept; empty for what is none */
function pageAt(pathname) {
  if (pathname === PICKUP) return PICKUP;
  return pathname === "/kiosk" || pathname === PAGE ? PAGE : "";
}

/** All of a version, or nothing: a server that is being replaced may give a file of another one. */
async function keepAll() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(Object.entries(files).map(async ([path, digest]) => {
      const answer = await fetch(path, { cache: "no-cache" });
      if (!answer.ok || await digestOf(answer.clone()) !== digest) throw new Error(`${path} is another one`);
      await cache.put(path, answer);
    }));
    await Promise.all([PAGE, PICKUP].map(async (path) => {
      const page = await fetch(path, { cache: "no-store", credentials: "same-origin" });
      if (page.headers.get(HEADER) === version) await cache.put(path, page);
    }));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** @param {Response} answer */
async function digestOf(answer) {
  const digest = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function forgetOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** @param {Request} request @param {string} path */
async function file(request, path) {
  const kept = await (await caches.open(CACHE)).match(path);
  return kept ?? fetch(request);
}

/** The page keeps them as it is told of perks. @param {Request} request */
async function picture(request) {
  const kept = await (await caches.open(PICTURES)).match(request.url);
  return kept ?? fetch(request);
}

/** @param {Request} request @param {string} page */
async function navigate(request, page) {
  if (await isReplaced()) return new Response("", { headers: { Refresh: "0" } });
  const cache = await caches.open(CACHE), kept = await cache.match(page);
  try {
    const answer = await within(fetch(request), kept);
    const told = answer.headers.get(HEADER);
    // This browser stands for no device any more: nobody scans with what was kept.
    if (told === NONE) await Promise.all([PAGE, PICKUP].map((path) => cache.delete(path)));
    if (told === version && answer !== kept) await cache.put(page, answer.clone());
    // A newer page would come with older files, and a foreign one is a network's that is in between.
    return told === version || told === NONE || !kept ? answer : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** For so long after it was told to, a newer version is on its way to take over. */
const HANDING_OVER_MS = 10_000;
let toldAt = -HANDING_OVER_MS;

/**
 * Whether a newer version may take over: it waits, and no other tab still needs this one. The page
 * is asked for again then, until it has: a slow browser still counts the page that was left as a tab.
 */
async function isReplaced() {
  if (performance.now() - toldAt < HANDING_OVER_MS) return true;
  const { waiting } = worker.registration;
  const tabs = await worker.clients.matchAll({ type: "window" });
  if (!waiting || tabs.length > 1) return false;
  waiting.postMessage("take over");
  toldAt = performance.now();
  return true;
}

worker.addEventListener("message", (/** @type {Event & {data: unknown}} */ { data }) => {
  if (data === "take over") worker.skipWaiting();
});

/** @param {Promise<Response>} asked @param {Response | undefined} kept */
function within(asked, kept) {
  if (!kept) return asked;
  const slow = new Promise((/** @type {(late: Response) => void} */ resolve) => {
    setTimeout(() => resolve(kept), PATIENCE_MS);
  });
  return Promise.race([asked, slow]);
}

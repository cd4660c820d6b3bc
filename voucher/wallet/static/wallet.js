// @ts-check
/** The wallet's pages: keeps them for when there is no network, counts down, shows live codes. */

import { tick } from "./countdown.js";
import { codes, show } from "./live.js";
import { ask, outdated } from "./status.js";
import { forgetOthers, keepKeys, keepPage, keptKeys } from "./store.js";
/** @import {Status} from "./status.js" */

const AGAIN_MS = 30_000;

const page = /** @type {HTMLElement} */ (document.getElementById("wallet"));
const wallet = page.dataset.wallet ?? "";

/** @template {HTMLElement} T @param {string} selector @returns {T[]} */
const all = (selector) => [...document.querySelectorAll(selector)].map((found) => /** @type {T} */ (found));

function countDown() {
  const places = all("[data-countdown]");
  const draw = () => places.forEach((place) => tick(place, Date.now()));
  draw();
  setInterval(draw, 1000);
}

/** Keeps this page and those of what can still be shown: the service worker shows them later. */
async function keepPages() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/wallet/worker.js", { scope: "/wallet/" });
  await navigator.serviceWorker.ready;
  const addresses = ["/wallet/", location.pathname, ...all("a[data-keep]").map((link) => link.getAttribute("href") ?? "")];
  for (const address of new Set(addresses)) await keepPage(wallet, address).catch(() => null);
  document.body.dataset.kept = "true";
}

/** So that no reminder comes at night where this phone is. */
async function tellZone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (!timeZone || timeZone === page.dataset.zone || !navigator.onLine) return;
  await fetch("/wallet/zone", { method: "POST", body: new URLSearchParams({ zone: timeZone }) }).catch(() => null);
}

/** The code goes dark with the screen, in front of the counter: it stays lit while a QR is shown. */
async function stayAwake() {
  if (!document.querySelector(".qr") || document.hidden || !("wakeLock" in navigator)) return;
  await navigator.wakeLock.request("screen").catch(() => null);
}

function guardSignOut() {
  const form = document.querySelector("form[data-sign-out]");
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await forgetOthers();
    form.submit();
  });
}

async function start() {
  countDown();
  guardSignOut();
  // Signed out: nothing of anybody's may stay.
  await forgetOthers(wallet || undefined);
  if (!wallet) return;
  tellZone();
  stayAwake();
  document.addEventListener("visibilitychange", stayAwake);
  const shown = all("[data-live]").map((place) => show(place, wallet));
  const links = all("[data-codes]").map((link) => link.dataset.codes ?? "");
  const [places] = await Promise.all([Promise.all(shown), ...links.map((link) => codes(wallet, link))]);
  document.body.dataset.codes = "true";
  await keepPages();
  const again = async () => {
    const status = await ask(), key = status?.signing ?? undefined;
    await Promise.all([...places.map((refresh) => refresh(key)), ...links.map((link) => codes(wallet, link, key))]);
    if (status) await followKeys(status);
  };
  setInterval(again, AGAIN_MS);
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  await again();
}

/** What is kept, or stands on this page, with a code that its key no longer vouches for comes anew.
 * @param {Status} status */
async function followKeys(status) {
  const kept = await keptKeys(wallet);
  for (const reference of outdated(kept, status)) {
    if (await keepPage(wallet, `/wallet/${reference}`).catch(() => false)) delete kept[reference];
  }
  await keepKeys(wallet, { ...status.vouchers, ...kept });
  const here = all("[data-signed-by]").map((place) => [place.dataset.voucher ?? "", Number(place.dataset.signedBy)]);
  if (!outdated(Object.fromEntries(here), status).length) return;
  if (await keepPage(wallet, location.pathname).catch(() => false)) location.reload();
}

start();

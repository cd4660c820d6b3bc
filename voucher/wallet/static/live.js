// @ts-check
/** Shows live codes: the newest one as a QR, fetched ahead, with and without a network. */

import { codeAt, isStale, keep, reaches } from "./batch.js";
import { encode, pathOf } from "./qr.js";
import { leave } from "./status.js";
import { dropCodes, keepCodes, keptCodes } from "./store.js";
/** @import {Kept} from "./batch.js" */

const PATIENCE_MS = 10_000;
const EVERY_SECONDS = 30;

/**
 * Fetches and keeps codes for one voucher, or returns those that are kept.
 * @param {string} wallet @param {string} address @param {number} [key] that signs now, if known
 * @returns {Promise<Kept | null>}
 */
export async function codes(wallet, address, key) {
  const kept = await keptCodes(wallet, address);
  if (!isStale(kept, Date.now(), key)) return kept;
  try {
    return (await fetched(wallet, address)) ?? kept;
  } catch (error) {
    return error instanceof Ended ? null : kept;
  }
}

/** @param {string} wallet @param {string} address @returns {Promise<Kept | null>} */
async function fetched(wallet, address) {
  const asked = Date.now();
  const headers = { Accept: "application/json" };
  const answer = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (answer.status === 401 || answer.status === 403) {
    await leave();
    return null;
  }
  // Replaced, withdrawn or used up: what was kept is worth nothing any more.
  if (answer.status === 404 || answer.status === 409) {
    await dropCodes(wallet, address);
    throw new Ended();
  }
  if (!answer.ok) return null;
  const fresh = keep(await answer.json(), asked, Date.now());
  await keepCodes(wallet, address, fresh);
  return fresh;
}

class Ended extends Error {}

/**
 * Keeps one place on the page current by the codes that there are.
 * @param {HTMLElement} place @param {string} wallet
 * @returns {Promise<(key?: number) => Promise<void>>} fetches more where it is time for it
 */
export async function show(place, wallet) {
  const address = place.dataset.live ?? "";
  /** @type {Kept | null} */
  let kept = await codes(wallet, address);
  let shown = "";
  const draw = () => {
    const code = kept && codeAt(kept, Date.now());
    place.dataset.state = code ? "showing" : "empty";
    if (code && code.text !== shown) drawCode(place, code.text);
    shown = code ? code.text : "";
    tell(place, kept, code?.left ?? 0);
  };
  draw();
  setInterval(draw, 500);
  return async (key) => { kept = await codes(wallet, address, key); draw(); };
}

/** @param {HTMLElement} place @param {string} text */
function drawCode(place, text) {
  const { span, path } = pathOf(encode(text));
  place.querySelector("svg")?.setAttribute("viewBox", `0 0 ${span} ${span}`);
  place.querySelector(".qr-light")?.setAttribute("width", String(span));
  place.querySelector(".qr-light")?.setAttribute("height", String(span));
  place.querySelector(".qr-dark")?.setAttribute("d", path);
}

/** @param {HTMLElement} place @param {Kept | null} kept @param {number} left */
function tell(place, kept, left) {
  const bar = place.querySelector("progress");
  if (bar) bar.value = left / EVERY_SECONDS;
  const next = place.querySelector("[data-next]");
  if (next) next.textContent = left ? `New code in ${left} s` : "";
  const reach = place.querySelector("[data-reach]");
  if (!reach) return;
  if (kept && left) {
    const until = new Date(reaches(kept)).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    reach.textContent = `Works without a network until ${until}`;
  } else {
    reach.textContent = navigator.onLine
      ? "No live code can be shown now. Reload this page."
      : "No live codes are stored on this phone. Connect once to load them.";
  }
}

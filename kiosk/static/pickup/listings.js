/** Asks the server what lies here, and for what a member shows; the last list is kept. */

/** @import {Order} from "./choice.js" */
/** @import {Entry} from "../entry.js" */

/** @typedef {{state: string, orders: Order[], total: number, server_time: string}} Told */
/** @typedef {{device: string, told: Told}} Kept */

/**
 * @typedef {{kind: "list", told: Told}
 *   | {kind: "problem", status: number, code: string, sentence: string}
 *   | {kind: "silence"}} Listing
 */

const ADDRESS = "/api/v1/pickups";
const KEPT = "keepsake.pickup.list";
const TIMEOUT_MS = 6000;
/** Who asks for too much at once is told so, and for what it is not: then nothing is kept. */
const FORGET = [401, 403];

export class Listings {
  /** @param {string} device its id: another one's list is none of ours */
  constructor(device) {
    this.device = device;
  }

  /**
   * @param {string} state
   * @param {string} text
   * @returns {Promise<Listing>}
   */
  async list(state, text) {
    const query = new URLSearchParams({ state, ...(text ? { name: text } : {}) });
    const listing = await ask(`${ADDRESS}?${query}`);
    if (listing.kind === "list" && state === "ready" && !text) this.keep(listing.told);
    if (listing.kind === "problem" && FORGET.includes(listing.status)) localStorage.removeItem(KEPT);
    return listing;
  }

  /**
   * @param {Entry} entry
   * @param {string | null} operator who asks
   * @returns {Promise<Listing>}
   */
  find({ kind, text }, operator) {
    return ask(`${ADDRESS}/find`, { [kind]: text, ...(operator ? { operator } : {}) });
  }

  /** @returns {Told | null} what was ready when the server last said so */
  get last() {
    try {
      /** @type {Kept | null} */
      const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
      return kept?.device === this.device ? kept.told : null;
    } catch {
      return null;
    }
  }

  /** @param {Told} told */
  keep(told) {
    localStorage.setItem(KEPT, JSON.stringify({ device: this.device, told }));
  }
}

/**
 * Who this device is and who may hold it; null where nobody answers.
 * @returns {Promise<{status: import("../connection.js").Status | null, isUnpaired: boolean}>}
 */
export async function askStatus() {
  try {
    const response = await fetch("/kiosk/status", {
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const told = await response.json();
    return { status: response.ok && told?.device ? told : null, isUnpaired: response.status === 401 };
  } catch {
    return { status: null, isUnpaired: false };
  }
}

/**
 * @param {string} address
 * @param {Record<string, string>} [body]
 * @returns {Promise<Listing>}
 */
async function ask(address, body) {
  try {
    const response = await fetch(address, {
      method: body ? "POST" : "GET",
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const told = await response.json();
    if (response.status >= 500) return { kind: "silence" };
    if (typeof told?.title === "string") {
      return { kind: "problem", status: response.status, code: told.title, sentence: String(told.detail) };
    }
    return Array.isArray(told?.orders) ? { kind: "list", told } : { kind: "silence" };
  } catch {
    return { kind: "silence" };
  }
}

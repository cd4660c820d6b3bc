/**
 * What staff tapped, kept on the device until the server has answered. A deed has an id of its own:
 * it is asked again under it for as long as no answer comes, and done once.
 */

/** @import {Order} from "./choice.js" */

/** @typedef {"collect" | "not-found" | "return" | "shelf"} Kind */

/**
 * @typedef {Object} Deed
 * @property {string} id
 * @property {Kind} kind
 * @property {Order} order as it was then
 * @property {string} body sent word for word each time
 */

/**
 * @typedef {{kind: "answer", order: Order}
 *   | {kind: "problem", status: number, code: string, sentence: string}
 *   | {kind: "silence"}} Outcome
 */

/**
 * @typedef {Object} Surroundings what tests replace
 * @property {typeof fetch} fetch
 * @property {Pick<Storage, "getItem" | "setItem">} storage
 * @property {(ms: number) => Promise<void>} pause
 * @property {() => string} newId
 */

const KEPT = "keepsake.pickup.deeds";
const TIMEOUT_MS = 8000;
export const PAUSES_MS = [1000, 3000];
/** These say nothing about the deed: it may still be done. */
const NOT_JUDGED = [401, 429];

/** @type {Surroundings} */
const BROWSER = {
  fetch: (input, init) => fetch(input, init),
  storage: localStorageOrNone(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  newId: () => crypto.randomUUID(),
};

export class Deeds {
  /**
   * @param {(deed: Deed, outcome: Outcome) => void} onSettled told of each that was answered late
   * @param {Surroundings} [surroundings]
   */
  constructor(onSettled, surroundings = BROWSER) {
    this.onSettled = onSettled;
    this.surroundings = surroundings;
    /** @type {Deed[]} in the order in which they were tapped */
    this.waiting = read(surroundings.storage.getItem(KEPT));
    /** @type {Set<string>} */
    this.underWay = new Set();
  }

  /**
   * Whether something about this order waits for its answer: nothing more is tapped then.
   * @param {string} orderId
   */
  waitsFor(orderId) {
    return this.waiting.some(({ order }) => order.id === orderId);
  }

  /**
   * Keeps it, then asks, three times at most. What stays without an answer is asked again later.
   * @param {Kind} kind
   * @param {Order} order
   * @param {Record<string, unknown>} asked
   * @returns {Promise<Outcome>}
   */
  async do(kind, order, asked) {
    const id = this.surroundings.newId();
    const deed = { id, kind, order, body: JSON.stringify({ attempt_id: id, ...asked }) };
    this.keep([...this.waiting, deed]);
    let outcome = await this.ask(deed);
    for (const pause of PAUSES_MS) {
      if (outcome.kind !== "silence") break;
      await this.surroundings.pause(pause);
      outcome = await this.ask(deed);
    }
    return outcome;
  }

  /** Asks about all that waits, in order; stops where nobody answers. */
  async askAgain() {
    for (const deed of [...this.waiting]) {
      if (this.underWay.has(deed.id)) continue;
      const outcome = await this.ask(deed);
      if (outcome.kind === "silence") return;
      if (!this.waiting.some(({ id }) => id === deed.id)) this.onSettled(deed, outcome);
    }
  }

  /**
   * @param {Deed} deed
   * @returns {Promise<Outcome>}
   */
  async ask(deed) {
    this.underWay.add(deed.id);
    const outcome = await this.tryOnce(deed);
    this.underWay.delete(deed.id);
    const isOpen = outcome.kind === "silence"
      || (outcome.kind === "problem" && NOT_JUDGED.includes(outcome.status));
    if (!isOpen) this.keep(this.waiting.filter(({ id }) => id !== deed.id));
    return outcome;
  }

  /**
   * @param {Deed} deed
   * @returns {Promise<Outcome>}
   */
  async tryOnce({ kind, order, body }) {
    try {
      const response = await this.surroundings.fetch(`/api/v1/pickups/${order.id}/${kind}`, {
        method: "POST",
        credentials: "same-origin",
        cache: "no-store",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return await outcomeOf(response);
    } catch {
      return { kind: "silence" };
    }
  }

  /** @param {Deed[]} waiting */
  keep(waiting) {
    this.waiting = waiting;
    this.surroundings.storage.setItem(KEPT, JSON.stringify(waiting));
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Outcome>}
 */
export async function outcomeOf(response) {
  const { status } = response;
  if (status >= 500) return { kind: "silence" };
  // The page that a hotel's or a fair's network puts in between is no JSON.
  const told = await response.json().catch(() => null);
  if (status >= 400 && typeof told?.title === "string") {
    return { kind: "problem", status, code: told.title, sentence: String(told.detail ?? told.title) };
  }
  return response.ok && told?.order ? { kind: "answer", order: told.order } : { kind: "silence" };
}

/**
 * @param {string | null} text
 * @returns {Deed[]}
 */
function read(text) {
  try {
    const kept = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.filter((deed) => deed?.id && deed.order?.id && deed.body) : [];
  } catch {
    return [];
  }
}

/** @returns {Pick<Storage, "getItem" | "setItem">} */
function localStorageOrNone() {
  return typeof localStorage === "undefined" ? { getItem: () => null, setItem: () => {} } : localStorage;
}

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
 * @property {string} body sent word for word each time, but for whom it names
 * @property {string} [refusedFor] as whom it was not taken: somebody has to sign in; "" for nobody
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
 * @property {() => number} now
 */

/**
 * @typedef {Object} Here
 * @property {string} device its id: what was tapped as another device never goes up as this one
 * @property {() => string | null} holder who holds it now
 */

const KEPT = "keepsake.pickup.deeds.";
const TIMEOUT_MS = 8000;
export const PAUSES_MS = [1000, 3000];
/** These say nothing about the deed: it may still be done. */
const NOT_JUDGED = [401, 429];
/** Nor do these: it is done once it comes in the name of somebody who has signed in. */
const SIGN_IN_FIRST = ["operator_required", "operator_not_signed_in", "unknown_operator"];

/** @type {Surroundings} */
const BROWSER = {
  fetch: (input, init) => fetch(input, init),
  storage: localStorageOrNone(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  newId: () => crypto.randomUUID(),
  now: () => Date.now(),
};

export class Deeds {
  /**
   * @param {(deed: Deed, outcome: Outcome) => void} onSettled told of each that was answered late
   * @param {Here} here
   * @param {Surroundings} [surroundings]
   */
  constructor(onSettled, here, surroundings = BROWSER) {
    this.onSettled = onSettled;
    this.here = here;
    this.surroundings = surroundings;
    /** @type {Deed[]} in the order in which they were tapped */
    this.waiting = read(surroundings.storage.getItem(KEPT + here.device));
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
   * Whether something waits until somebody signs in: about this order, or about any.
   * @param {string} [orderId]
   */
  needsSignIn(orderId) {
    const some = this.waiting.filter(({ order }) => orderId === undefined || order.id === orderId);
    return some.some(({ refusedFor }) => refusedFor !== undefined);
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
    const doneAt = new Date(this.surroundings.now()).toISOString();
    const body = JSON.stringify({ attempt_id: id, done_at: doneAt, ...asked });
    const deed = { id, kind, order, body };
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
    const sent = this.inOurName(deed);
    const outcome = await this.tryOnce(sent);
    this.underWay.delete(deed.id);
    const isForName = outcome.kind === "problem" && SIGN_IN_FIRST.includes(outcome.code);
    const isOpen = outcome.kind === "silence" || isForName
      || (outcome.kind === "problem" && NOT_JUDGED.includes(outcome.status));
    if (!isOpen) this.keep(this.waiting.filter(({ id }) => id !== deed.id));
    else if (isForName) {
      const still = { ...sent, refusedFor: JSON.parse(sent.body).operator ?? "" };
      this.keep(this.waiting.map((each) => (each.id === deed.id ? still : each)));
    }
    return outcome;
  }

  /**
   * Whose name was not taken is replaced by that of who has signed in since; any other stays.
   * @param {Deed} deed
   * @returns {Deed}
   */
  inOurName(deed) {
    const operator = this.here.holder();
    if (deed.refusedFor === undefined || !operator || operator === deed.refusedFor) return deed;
    return { ...deed, body: JSON.stringify({ ...JSON.parse(deed.body), operator }) };
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
    this.surroundings.storage.setItem(KEPT + this.here.device, JSON.stringify(waiting));
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

/**
 * What this device decided by itself and the server has not heard yet. It is on the disk before it
 * is on the screen; it goes up in order, as the same attempts, and nothing of it is ever dropped:
 * what the server answers is settled, what the server cannot read waits for a person.
 */

import { asUploaded, isConflict } from "./items.js";

/** @import {Item, State, Told} from "./items.js" */
/** @import {Problem} from "../problems.js" */
/** @import {KeptHandOver} from "./store.js" */

/**
 * @typedef {Object} Shelf where items lie: each write is done when it is on the disk
 * @property {(item: Item, handOver?: KeptHandOver | null) => Promise<void>} put
 * @property {() => Promise<Item[]>} all
 */

/**
 * @typedef {Object} Surroundings what tests replace
 * @property {typeof fetch} fetch
 * @property {() => number} now
 */

/**
 * @typedef {Object} Count
 * @property {number} waiting
 * @property {number} parked
 * @property {number} conflicts
 */

const ADDRESS = "/api/v1/scans/batch";
const TIMEOUT_MS = 20_000;
export const AT_ONCE = 50;

/** These say that an item will never be taken as it is; all others, that it may be later. */
const PARKS = [400, 409, 413, 422];

/** @type {Surroundings} */
const BROWSER = { fetch: (input, init) => fetch(input, init), now: () => Date.now() };

export class Outbox {
  /**
   * @param {Shelf} shelf
   * @param {(count: Count) => void} [onChange]
   * @param {Surroundings} [surroundings]
   * @param {string} [device] whose it is: the server takes it in no other one's name
   */
  constructor(shelf, onChange = () => {}, surroundings = BROWSER, device = undefined) {
    this.device = device;
    this.shelf = shelf;
    this.onChange = onChange;
    this.surroundings = surroundings;
    /** @type {Map<string, Item>} */
    this.items = new Map();
    /** @type {Promise<boolean> | null} an upload that is under way */
    this.uploading = null;
  }

  /** Reads what was left by whoever had this page before: also by one that was killed. */
  async open() {
    for (const item of await this.shelf.all()) this.items.set(item.id, item);
    this.onChange(this.count);
  }

  /**
   * Keeps a decision; resolved once it is on the disk, and only then may it be shown.
   * @param {Record<string, unknown> & {attempt_id: string}} body
   * @param {Told} told
   * @param {KeptHandOver | null} [handOver] kept with it: both or none
   * @returns {Promise<void>}
   */
  async add(body, told, handOver = null) {
    const place = 1 + Math.max(0, ...[...this.items.values()].map((item) => item.place));
    /** @type {Item} */
    const item = {
      id: body.attempt_id, place, state: "waiting", body, told,
      since: this.surroundings.now(), tries: 0, answer: null, problem: null,
    };
    this.items.set(item.id, item);
    try {
      await this.keep(item, handOver);
    } catch (error) {
      this.items.delete(item.id);
      throw error;
    }
  }

  /** @returns {Count} */
  get count() {
    const items = [...this.items.values()];
    const of = (/** @type {State} */ state) => items.filter((item) => item.state === state).length;
    const conflicts = items.filter(isConflict).length;
    return { waiting: of("waiting"), parked: of("parked"), conflicts };
  }

  /** @returns {Item[]} what waits, in the order in which it was decided */
  get waiting() {
    const waiting = [...this.items.values()].filter((item) => item.state === "waiting");
    return waiting.sort((one, other) => one.place - other.place);
  }

  /**
   * Uploads what waits, in order; whoever calls while that goes on shares its end.
   * @param {number} [serverTime] what the server said just now, where it did: nothing that is
   *   uploaded was decided after it
   * @returns {Promise<boolean>} whether nothing waits any more
   */
  upload(serverTime = Infinity) {
    this.uploading ??= this.uploadAll(serverTime).finally(() => { this.uploading = null; });
    return this.uploading;
  }

  /** @returns {number} uses handed out that the server has not heard of */
  get usesWaiting() {
    const open = [...this.items.values()].filter(
      ({ state, told }) => state !== "settled" && told.verdict === "redeemed",
    );
    return open.reduce((sum, { told }) => sum + told.uses, 0);
  }

  /** @param {string} id @param {"taken back" | "seen"} done */
  async close(id, done) {
    const item = this.items.get(id);
    if (item?.state === "settled") await this.keep({ ...item, done });
  }

  /** Tries what a person has looked at once more. @param {string} id */
  async unpark(id) {
    const item = this.items.get(id);
    if (item?.state === "parked") await this.keep({ ...item, state: "waiting", problem: null });
  }

  /** @param {number} serverTime */
  async uploadAll(serverTime) {
    let atOnce = AT_ONCE;
    /** @type {Set<string>} those that wait for another time: they hold up no other */
    const later = new Set();
    for (;;) {
      const batch = this.waiting.filter((item) => !later.has(item.id)).slice(0, atOnce);
      if (batch.length === 0) return later.size === 0;
      const outcome = await this.send(batch, serverTime);
      if (outcome === "later") return false;
      if (outcome !== "unreadable") {
        for (const id of await this.settle(batch, outcome)) later.add(id);
        atOnce = AT_ONCE;
      } else if (batch.length > 1) {
        // One of them is too much for the server: the smaller the parcel, the fewer it holds up.
        atOnce = Math.ceil(batch.length / 2);
      } else {
        await this.park(batch[0], { status: 400 });
        atOnce = AT_ONCE;
      }
    }
  }

  /**
   * @param {Item[]} batch
   * @param {number} serverTime
   * @returns {Promise<unknown[] | "later" | "unreadable">} an answer for each, in order
   */
  async send(batch, serverTime) {
    try {
      const response = await this.surroundings.fetch(ADDRESS, {
        method: "POST",
        credentials: "same-origin",
        cache: "no-store",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({
          device: this.device, scans: batch.map(({ body }) => asUploaded(body, serverTime)),
        }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) return PARKS.includes(response.status) ? "unreadable" : "later";
      const { answers } = await response.json();
      // A page that a fair's network puts in between answers something, but not this.
      return Array.isArray(answers) && answers.length === batch.length ? answers : "later";
    } catch {
      return "later";
    }
  }

  /**
   * @param {Item[]} batch
   * @param {any[]} answers
   * @returns {Promise<string[]>} those that have to wait
   */
  async settle(batch, answers) {
    const later = [];
    for (const [index, item] of batch.entries()) {
      const answer = answers[index];
      if (typeof answer?.verdict === "string") {
        await this.keep({ ...item, state: "settled", answer, tries: item.tries + 1 });
      } else if (PARKS.includes(answer?.status)) {
        await this.park(item, answer);
      } else {
        await this.keep({ ...item, tries: item.tries + 1 });
        later.push(item.id);
      }
    }
    return later;
  }

  /**
   * @param {Item | undefined} item
   * @param {Problem} problem
   */
  async park(item, { status, title, detail, why }) {
    const problem = { status, title, detail, why };
    if (item) await this.keep({ ...item, state: "parked", problem, tries: item.tries + 1 });
  }

  /**
   * @param {Item} item
   * @param {KeptHandOver | null} [handOver]
   */
  async keep(item, handOver) {
    await this.shelf.put(item, handOver);
    this.items.set(item.id, item);
    this.onChange(this.count);
  }
}

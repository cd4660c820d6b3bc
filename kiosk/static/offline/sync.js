/** What this device was told by the server, kept on its disk: see docs/sync.md. */

import { learnt, noted, read } from "../rules/clock.js";
import { lay, pack, unpack } from "./rows.js";
import { complaintAbout } from "./terms.js";

/** @import {Clock, Reading} from "../rules/clock.js" */
/** @import {Row, State} from "../rules/state.js" */
/** @import {Packed, ToldRow} from "./rows.js" */
/** @import {Terms} from "./terms.js" */

/**
 * @typedef {Object} Told one answer
 * @property {string} server_time
 * @property {string} cursor
 * @property {string | null} waiting_since
 * @property {boolean} snapshot
 * @property {boolean} more
 * @property {Terms | null} terms
 * @property {ToldRow[]} vouchers
 */

/** @typedef {{cursor: string, begun: number, terms: Terms, vouchers: Packed}} Kept */
/** @typedef {{clock: Clock, asOf: number}} KeptTime */

/**
 * @typedef {Object} Facts where it lies
 * @property {(name: string) => Promise<any>} get
 * @property {(name: string, value: unknown, durability?: IDBTransactionDurability) => Promise<void>} set
 */

/** synced: all of it is known. later: the server could not say. */
/** @typedef {"synced" | "later"} Outcome */

/** @typedef {{fetch: typeof fetch, now: () => number}} Surroundings what tests replace */

const ADDRESS = "/api/v1/sync";
const TIMEOUT_MS = 20_000;
const WRITE_EVERY_MS = 30_000;
/** Longer than this nothing waits to be sealed, unless the server's worker stands still. */
const SEALED_WITHIN_MS = 60_000;
const STATE = "state", TIME = "time";

/** @type {Surroundings} */
const BROWSER = { fetch: (input, init) => fetch(input, init), now: () => Date.now() };

export class Synced {
  /**
   * @param {Facts} facts
   * @param {Surroundings} [surroundings]
   */
  constructor(facts, surroundings = BROWSER) {
    this.facts = facts;
    this.surroundings = surroundings;
    /** @type {Map<string, Row>} */
    this.vouchers = new Map();
    /** @type {Terms | null} */
    this.terms = null;
    /** @type {string | null} */
    this.cursor = null;
    /** How many syncs this device has begun, ever. */
    this.begun = 0;
    /** @type {Clock | null} */
    this.clock = null;
    /** As of when the vouchers are known, in Unix milliseconds by the server's clock. */
    this.asOf = 0;
    /** Why nothing can be judged by it; empty where it can. */
    this.complaint = "";
    this.written = { state: -Infinity, time: -Infinity };
    this.isChanged = false;
  }

  /**
   * Reads what was kept.
   * @param {number} [begunAtLeast] so many syncs were surely begun: the disk may not know the last
   * @param {number} [latest] something was judged then: it is not earlier than that
   */
  async open(begunAtLeast = 0, latest = 0) {
    /** @type {[Kept | undefined, KeptTime | undefined]} */
    const [kept, time] = await Promise.all([this.facts.get(STATE), this.facts.get(TIME)]);
    this.begun = Math.max(begunAtLeast, kept?.begun ?? 0);
    if (!kept || !time) return;
    this.clock = noted(time.clock, latest);
    this.asOf = time.asOf;
    this.vouchers = unpack(kept.vouchers, time.clock.latest / 1000);
    this.cursor = kept.cursor;
    this.terms = kept.terms;
    this.complaint = complaintAbout(kept.terms);
  }

  /** @returns {State | null} what to judge by; null where that is not possible (yet) */
  get state() {
    if (!this.terms || !this.clock || this.complaint) return null;
    const { keys: { keys, revoked }, perks, station, stations } = this.terms;
    return { keys, revoked, perks, station, stations, vouchers: this.vouchers };
  }

  /** @returns {{number: number, until: number}} what may be handed out by itself, since the last sync */
  get allowance() {
    const { number, hours } = this.terms?.allowance ?? { number: 0, hours: 0 };
    return { number, until: (this.clock?.syncedAt ?? 0) + hours * 3_600_000 };
  }

  /** @returns {Reading | null} what time it is for the server; null before the first sync */
  get reading() {
    return this.clock && read(this.clock, this.surroundings.now());
  }

  /** @param {number} moment of a scan: no later one is before it */
  note(moment) {
    if (this.clock) this.clock = noted(this.clock, moment);
  }

  /**
   * Asks for what is new, all pages of it; what does not come whole is not laid down.
   * @param {number} [untold] since when something is not told to the server, in Unix milliseconds:
   *   it holds against who lies later that all before it was told
   * @param {number} [waiting] how many of its decisions the server does not have
   * @returns {Promise<Outcome>}
   */
  async sync(untold = Infinity, waiting = 0) {
    const said = { told_until: this.toldUntil(untold), waiting: String(waiting) };
    this.begun += 1;
    const sync = this.begun;
    /** @type {Told[]} */
    const pages = [];
    let sentAt = 0;
    do {
      sentAt = this.surroundings.now();
      const told = await this.ask(pages.at(-1)?.cursor ?? this.cursor, said);
      if (typeof told === "string") return told;
      pages.push(told);
    } while (pages.at(-1)?.more);
    this.layDown(pages, sync, sentAt);
    await this.write();
    return "synced";
  }

  /**
   * Nothing that is decided from now on is before it.
   * @param {number} untold
   * @returns {string | null} RFC 3339, by the server's clock; null before the first sync
   */
  toldUntil(untold) {
    const { reading } = this;
    if (!reading) return null;
    this.note(reading.moment);
    return new Date(Math.min(untold, reading.moment)).toISOString();
  }

  /**
   * @param {string | null} cursor
   * @param {Record<string, string | null>} said of this device
   * @returns {Promise<Told | "later">}
   */
  async ask(cursor, said) {
    const asked = new URLSearchParams();
    for (const [key, value] of Object.entries({ cursor, ...said })) {
      if (value !== null) asked.set(key, value);
    }
    try {
      const response = await this.surroundings.fetch(`${ADDRESS}?${asked}`, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const told = response.ok ? await response.json() : null;
      // A page that a fair's network puts in between answers something, but not this.
      const isOurs = typeof told?.cursor === "string" && Array.isArray(told.vouchers)
        && !Number.isNaN(Date.parse(told.server_time));
      return isOurs ? told : "later";
    } catch {
      return "later";
    }
  }

  /**
   * @param {Told[]} pages
   * @param {number} sync
   * @param {number} sentAt when the last of them was asked for
   */
  layDown(pages, sync, sentAt) {
    let { vouchers, terms } = this;
    for (const page of pages) {
      if (page.snapshot) vouchers = new Map();
      terms = page.terms ?? terms;
      lay(vouchers, page.vouchers, sync);
      this.isChanged ||= page.snapshot || page.vouchers.length > 0 || page.terms !== null;
    }
    const last = /** @type {Told} */ (pages.at(-1));
    if (terms && terms !== this.terms) this.complaint = complaintAbout(terms);
    [this.vouchers, this.terms, this.cursor] = [vouchers, terms, last.cursor];
    const serverTime = Date.parse(last.server_time);
    this.clock = learnt({ sentAt, receivedAt: this.surroundings.now(), serverTime });
    const waiting = last.waiting_since === null ? serverTime : Date.parse(last.waiting_since);
    this.asOf = serverTime - waiting > SEALED_WITHIN_MS ? waiting : serverTime;
  }

  /** This browser stands for no device any more: it decides nothing by what it knew. */
  async forget() {
    [this.terms, this.cursor, this.vouchers, this.isChanged] = [null, null, new Map(), false];
    await this.facts.set(STATE, undefined);
  }

  /** Keeps it; what is not written yet is told again after a reload, by the older cursor. */
  async write() {
    const now = performance.now();
    const { cursor, begun, terms, clock, asOf } = this;
    try {
      if (terms && cursor && this.isChanged && now - this.written.state >= WRITE_EVERY_MS) {
        [this.isChanged, this.written.state] = [false, now];
        await this.facts.set(STATE, { cursor, begun, terms, vouchers: pack(this.vouchers) });
      }
      // Never newer than the vouchers that lie beside it.
      if (clock && !this.isChanged && now - this.written.time >= WRITE_EVERY_MS) {
        this.written.time = now;
        await this.facts.set(TIME, { clock, asOf });
      }
    } catch {
      // A full disk: it is known as long as the page is open, and tried again.
      this.isChanged = true;
    }
  }
}

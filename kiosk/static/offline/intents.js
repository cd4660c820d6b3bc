/**
 * What the server is being asked to redeem, on the disk before it is asked: a page that ends before it
 * wrote down the answer asks later what came of it.
 */

/** @import {Facts} from "./sync.js" */

/**
 * @typedef {Object} Intent
 * @property {string} id the attempt's
 * @property {string | null} name what the voucher is known by on this device; null where only the
 *   server knows it
 * @property {number} uses
 * @property {number} since when it was asked, by this device's clock
 */

const ASKED = "asked";
/** Whoever asks after so long gets no answer that helps: vouchers are synced since. */
const KEPT_MS = 24 * 3600 * 1000;

export class Intents {
  /** @param {Facts} facts where they lie */
  constructor(facts) {
    this.facts = facts;
    /** @type {Map<string, Intent>} */
    this.all = new Map();
    /** @type {Set<string>} those that the server is being asked about just now */
    this.busy = new Set();
  }

  /** @param {number} now */
  async open(now) {
    /** @type {Intent[]} */
    const kept = await this.facts.get(ASKED) ?? [];
    for (const each of kept) if (now - each.since < KEPT_MS) this.all.set(each.id, each);
  }

  /** @returns {Intent[]} those that got no answer */
  get unanswered() {
    return [...this.all.values()].filter(({ id }) => !this.busy.has(id));
  }

  /** @param {Intent} intent resolved once it is on the disk */
  async begin(intent) {
    this.busy.add(intent.id);
    if (this.all.has(intent.id)) return;
    this.all.set(intent.id, intent);
    await this.write();
  }

  /** No answer came, for now. @param {string} id */
  leave(id) {
    this.busy.delete(id);
  }

  /** What came of it is known, and written down. @param {string} id */
  async end(id) {
    this.busy.delete(id);
    if (this.all.delete(id)) await this.write();
  }

  /** A disk that takes nothing keeps nobody from scanning. */
  async write() {
    // It has to outlive the page alone, and who scans waits for it.
    await this.facts.set(ASKED, [...this.all.values()], "relaxed").catch(() => {});
  }
}

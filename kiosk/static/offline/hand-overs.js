/** What this device handed out, in memory and on its disk. */

/** @import {KeptHandOver} from "./store.js" */

/**
 * @typedef {Object} Shelf where they lie
 * @property {(handOvers: KeptHandOver[]) => Promise<void>} remember
 * @property {() => Promise<KeptHandOver[]>} handOvers
 * @property {(ids: string[]) => Promise<void>} forgetHandOvers
 */

const DAY_MS = 24 * 3600 * 1000;
/** A live code does not say when its voucher ends; none is shown for longer than this. */
const LONGEST_MS = 400 * DAY_MS;

export class HandOvers {
  /** @param {Shelf} shelf */
  constructor(shelf) {
    this.shelf = shelf;
    /** @type {Map<string, KeptHandOver>} */
    this.all = new Map();
  }

  async open() {
    for (const each of await this.shelf.handOvers()) this.all.set(each.id, each);
  }

  /** @param {number} now Unix milliseconds: those whose voucher ended a day before are forgotten */
  async prune(now) {
    const over = this.list.filter((each) => each.recorded !== null && endOf(each) + DAY_MS < now);
    for (const { id } of over) this.all.delete(id);
    await this.shelf.forgetHandOvers(over.map(({ id }) => id));
  }

  /** @returns {KeptHandOver[]} */
  get list() {
    return [...this.all.values()];
  }

  /** @returns {number} so many syncs were begun when the latest of them was recorded */
  get lastRecorded() {
    return Math.max(0, ...this.list.map(({ recorded }) => recorded ?? 0));
  }

  /**
   * What the server confirmed: known at once, and resolved once it is on the disk.
   * @param {KeptHandOver} handOver
   */
  async add(handOver) {
    this.all.set(handOver.id, handOver);
    await this.shelf.remember([handOver]);
  }

  /**
   * The server has these now.
   * @param {string[]} ids
   * @param {number} begun how many syncs were begun when it said so
   */
  async recorded(ids, begun) {
    const open = ids.flatMap((id) => this.all.get(id) ?? []).filter((each) => each.recorded === null);
    const told = open.map((each) => ({ ...each, recorded: begun }));
    for (const each of told) this.all.set(each.id, each);
    if (told.length > 0) await this.shelf.remember(told);
  }

  /** @param {string} id of one that was taken back */
  async forget(id) {
    if (this.all.delete(id)) await this.shelf.forgetHandOvers([id]);
  }
}

/** @param {KeptHandOver} handOver */
function endOf({ at, until }) {
  return until === null ? Date.parse(at) + LONGEST_MS : Date.parse(until);
}

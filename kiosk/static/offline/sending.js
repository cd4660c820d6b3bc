/** Tells the server what was decided alone, and does what follows from its answers. */

import { wantsSignIn } from "../operators/naming.js";
import { isCountedForNothing, isOver } from "./items.js";

/** @import {Outcome} from "../contract.js" */
/** @import {HandOvers} from "./hand-overs.js" */
/** @import {Item} from "./items.js" */
/** @import {Outbox} from "./outbox.js" */
/** @import {Store} from "./store.js" */
/** @import {Synced} from "./sync.js" */

/** @typedef {(attemptId: string, reason: string, operator: string | null) => Promise<Outcome>} Undo */

const SETTLED_KEPT_MS = 7 * 24 * 3600 * 1000;
const COUNTED_FOR_NOTHING = "Refused at the desk before the server's answer came";

export class Sending {
  /**
   * @param {Object} parts
   * @param {Pick<Store, "forget">} parts.store
   * @param {Outbox} parts.outbox
   * @param {HandOvers} parts.handOvers
   * @param {Synced} parts.synced
   * @param {Undo} parts.undo
   * @param {() => number} parts.now
   */
  constructor({ store, outbox, handOvers, synced, undo, now }) {
    this.store = store;
    this.outbox = outbox;
    this.handOvers = handOvers;
    this.synced = synced;
    this.undo = undo;
    this.now = now;
    /** @type {Set<string>} what could not be taken back */
    this.leftAsIs = new Set();
  }

  /** @param {number} [serverTime] where it is known */
  async send(serverTime) {
    await this.outbox.upload(serverTime);
    const settled = [...this.outbox.items.values()].filter(({ state }) => state === "settled");
    await this.handOvers.recorded(settled.map(({ id }) => id), this.synced.begun);
    for (const item of settled.filter(isCountedForNothing)) await this.takeBack(item);
    await this.forget();
  }

  /** @param {Item} item */
  async takeBack({ id, body }) {
    if (this.leftAsIs.has(id)) return;
    const { operator } = /** @type {{operator?: string}} */ (body);
    const outcome = await this.undo(id, COUNTED_FOR_NOTHING, operator ?? null);
    if (outcome.kind === "answer") await this.outbox.close(id, "taken back");
    // Who scanned it may sign in again.
    else if (outcome.kind === "problem" && !wantsSignIn(outcome)) this.leftAsIs.add(id);
  }

  async forget() {
    const { items } = this.outbox;
    const since = this.now() - SETTLED_KEPT_MS;
    const old = [...items.values()].filter((item) => isOver(item) && item.since < since);
    for (const { id } of old) items.delete(id);
    if (old.length > 0) await this.store.forget(old.map(({ id }) => id));
  }
}

/**
 * What a kiosk has ready for the time without a network: it opens the disk, keeps it up to date,
 * uploads what was decided alone, and decides.
 */

import { verifyAsync } from "/kiosk/vendor/ed25519/index.js";
import { handedOver } from "../hold/alone.js";
import { Alone } from "./alone.js";
import { HandOvers } from "./hand-overs.js";
import { isCountedForNothing, isOver, latestOf } from "./items.js";
import { Loop } from "./loop.js";
import { Outbox } from "./outbox.js";
import { wantsSignIn } from "../operators/naming.js";
import { Store } from "./store.js";
import { Synced } from "./sync.js";

/** @import {Connection, Status} from "../connection.js" */
/** @import {Answer, Outcome} from "../contract.js" */
/** @import {VerifySignature} from "../rules/token.js" */
/** @import {Asking} from "./alone.js" */
/** @import {Companion, Decider} from "./decider.js" */
/** @import {Item} from "./items.js" */

/** @typedef {(attemptId: string, reason: string, operator: string | null) => Promise<Outcome>} Undo */

const STATUS_EVERY_MS = 15_000;
const SETTLED_KEPT_MS = 7 * 24 * 3600 * 1000;
const COUNTED_FOR_NOTHING = "Refused at the desk before the server's answer came";

/** @type {VerifySignature} */
const verifySignature = (signature, message, key) =>
  verifyAsync(signature, message, key, { zip215: false });

/** @implements {Decider} */
export class Standby {
  /**
   * @param {Object} parts
   * @param {string} parts.deviceId
   * @param {string} parts.device its name
   * @param {Connection} parts.connection
   * @param {Undo} parts.undo takes back what the server counted though nothing was handed over
   * @param {Companion} parts.operators
   * @param {() => void} parts.onChange
   */
  constructor({ deviceId, device, connection, undo, operators, onChange }) {
    this.deviceId = deviceId;
    this.device = device;
    this.connection = connection;
    this.undo = undo;
    this.operators = operators;
    this.onChange = onChange;
    this.loop = new Loop(() => this.round());
    /** Why this device is not ready, as `words/kept.js` has it; empty where it is, or will soon be. */
    this.complaint = "";
    /** @type {Store | null} */
    this.store = null;
    /** @type {Alone | null} */
    this.alone = null;
    this.askedAt = -Infinity;
    /** @type {Set<string>} what could not be taken back */
    this.leftAsIs = new Set();
  }

  /** Begins; from then on it goes on by itself. */
  start() {
    for (const kind of ["online", "offline"]) addEventListener(kind, () => this.hurry());
    this.loop.now();
    if (this.deviceId && navigator.locks) this.hold();
  }

  /** Two tabs that decide alone would not know of each other: one of them holds the device. */
  async hold() {
    const name = `keepsake-kiosk-${this.deviceId}`;
    const held = () => this.open().then(() => new Promise(() => {}));
    await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && held());
    this.complain("other_tab");
    await navigator.locks.request(name, held);
  }

  async open() {
    try {
      navigator.storage.persist?.().catch(() => {});
      const store = await Store.open(this.deviceId);
      const outbox = new Outbox(store, () => this.onChange());
      const handOvers = new HandOvers(store);
      const synced = new Synced(store);
      await Promise.all([outbox.open(), handOvers.open()]);
      await synced.open(handOvers.lastRecorded, latestOf([...outbox.items.values()]));
      if (synced.reading) await handOvers.prune(synced.reading.moment);
      const { device } = this;
      this.alone = new Alone({ synced, outbox, handOvers, verifySignature, device });
      this.store = store;
      await this.operators.open(store);
      this.complain("");
      this.loop.now();
    } catch {
      this.complain("no_disk");
    }
  }

  /** @param {string} complaint */
  complain(complaint) {
    this.complaint = complaint;
    this.onChange();
  }

  /** One round: who we are, what waits, what is new. @returns {Promise<boolean>} */
  async round() {
    const { alone } = this;
    const waits = (alone?.outbox.count.waiting ?? 0) > 0;
    const isDue = performance.now() - this.askedAt > STATUS_EVERY_MS;
    if (!alone || waits || isDue || this.connection.state !== "connected") {
      const status = await this.ask();
      if (!status) return false;
      this.askedAt = performance.now();
      // What one device still has to tell never goes up in another one's name.
      if (!this.isOurs(status)) {
        this.alone = null;
        await this.operators.forget();
        this.complain("other_device");
        return false;
      }
      if (alone) await this.upload(alone, Date.parse(status.server_time));
    }
    return alone ? this.sync(alone) : true;
  }

  async ask() {
    const askedAt = performance.now();
    const status = await this.connection.ask();
    if (this.connection.state === "unpaired") {
      await Promise.all([this.alone?.synced.forget(), this.operators.forget()]);
    }
    if (status && this.isOurs(status)) await this.operators.told(status, askedAt);
    return status;
  }

  /** @param {Status} status */
  isOurs({ device }) {
    return !this.deviceId || String(device.id) === this.deviceId;
  }

  /**
   * @param {Alone} alone
   * @param {number} serverTime
   */
  async upload({ outbox, handOvers, synced }, serverTime) {
    await outbox.upload(serverTime);
    const settled = [...outbox.items.values()].filter(({ state }) => state === "settled");
    await handOvers.recorded(settled.map(({ id }) => id), synced.begun);
    for (const item of settled.filter(isCountedForNothing)) await this.takeBack(outbox, item);
    await this.forget(outbox);
  }

  /**
   * @param {Outbox} outbox
   * @param {Item} item
   */
  async takeBack(outbox, { id, body }) {
    if (this.leftAsIs.has(id)) return;
    const { operator } = /** @type {{operator?: string}} */ (body);
    const outcome = await this.undo(id, COUNTED_FOR_NOTHING, operator ?? null);
    if (outcome.kind === "answer") await outbox.close(id, "taken back");
    // Who scanned it may sign in again.
    else if (outcome.kind === "problem" && !wantsSignIn(outcome)) this.leftAsIs.add(id);
  }

  /** @param {Outbox} outbox */
  async forget({ items }) {
    const since = Date.now() - SETTLED_KEPT_MS;
    const old = [...items.values()].filter((item) => isOver(item) && item.since < since);
    for (const { id } of old) items.delete(id);
    if (old.length > 0) await this.store?.forget(old.map(({ id }) => id));
  }

  /** @param {Alone} alone */
  async sync({ synced, outbox }) {
    const outcome = await synced.sync();
    if (outcome !== "synced") await this.ask();
    this.complain(synced.complaint);
    return outcome === "synced" && outbox.count.waiting === 0;
  }

  /** There may be a network again, or none any more. */
  hurry() {
    this.askedAt = -Infinity;
    return this.loop.now();
  }

  get isAble() {
    return this.alone?.isAble ?? false;
  }

  get isLost() {
    return this.connection.state === "lost";
  }

  /** @param {Asking} asking */
  async decide(asking) {
    return (await this.alone?.decide(asking)) ?? null;
  }

  /**
   * @param {Asking} asking
   * @param {Answer} answer
   */
  async heard(asking, answer) {
    await this.alone?.heard(asking, answer);
  }

  /**
   * @param {Asking} asking
   * @param {Answer} held
   */
  async handedOver(asking, held) {
    return this.alone && handedOver(this.alone, asking, held);
  }

  get timeZone() {
    return this.alone?.synced.terms?.station.zone;
  }

  cameBack() {
    this.connection.become("connected");
    this.hurry();
  }

  /** @param {string} attemptId */
  async sent(attemptId) {
    if (this.alone?.outbox.items.get(attemptId)?.state === "waiting") await this.hurry();
  }

  /** @param {string} attemptId */
  async undone(attemptId) {
    await this.alone?.undone(attemptId);
  }
}

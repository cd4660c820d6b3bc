/**
 * What a kiosk has ready for the time without a network: it opens the disk, keeps it up to date,
 * uploads what was decided alone, and decides.
 */

import { verifyAsync } from "/kiosk/vendor/ed25519/index.js";
import { handedOver } from "../hold/alone.js";
import { Alone } from "./alone.js";
import { HandOvers } from "./hand-overs.js";
import { earliestUntold, latestOf } from "./items.js";
import { Intents } from "./intents.js";
import { Loop } from "./loop.js";
import { Outbox } from "./outbox.js";
import { Recalling } from "./recalling.js";
import { Sending } from "./sending.js";
import { Store } from "./store.js";
import { Synced } from "./sync.js";
import { holdDevice } from "./tabs.js";

/** @import {Connection, Status} from "../connection.js" */
/** @import {Answer, Outcome} from "../contract.js" */
/** @import {Entry} from "../entry.js" */
/** @import {VerifySignature} from "../rules/token.js" */
/** @import {Asking} from "./alone.js" */
/** @import {Companion, Decider} from "./decider.js" */
/** @import {Undo} from "./sending.js" */

/**
 * @typedef {Object} Surroundings what tests replace
 * @property {typeof fetch} fetch
 * @property {() => number} now
 * @property {(deviceId: string) => Promise<Store>} openDisk
 */

const STATUS_EVERY_MS = 15_000;

/** @type {Surroundings} */
const BROWSER = {
  fetch: (input, init) => fetch(input, init),
  now: () => Date.now(),
  openDisk: (deviceId) => {
    navigator.storage.persist?.().catch(() => {});
    return Store.open(deviceId);
  },
};

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
   * @param {Surroundings} [parts.surroundings]
   */
  constructor({ deviceId, device, connection, undo, operators, onChange, surroundings = BROWSER }) {
    this.surroundings = surroundings;
    this.deviceId = deviceId;
    this.device = device;
    this.connection = connection;
    this.undo = undo;
    this.operators = operators;
    this.onChange = onChange;
    this.loop = new Loop(() => this.round());
    /** Why this device is not ready, as `words/kept.js` has it; empty where it is, or will soon be. */
    this.complaint = "";
    /** @type {Alone | null} */
    this.alone = null;
    /** @type {Sending | null} */
    this.sending = null;
    /** @type {Recalling | null} */
    this.recalling = null;
    this.askedAt = -Infinity;
  }

  /** Begins; from then on it goes on by itself. */
  start() {
    for (const kind of ["online", "offline"]) addEventListener(kind, () => this.hurry());
    this.loop.now();
    if (this.deviceId && navigator.locks) {
      holdDevice(this.deviceId, () => this.open(), () => this.complain("other_tab"));
    }
  }

  async open() {
    try {
      const { surroundings } = this;
      const store = await surroundings.openDisk(this.deviceId);
      const outbox = new Outbox(store, () => this.onChange(), surroundings, this.deviceId);
      const handOvers = new HandOvers(store), intents = new Intents(store);
      const synced = new Synced(store, surroundings);
      await Promise.all([outbox.open(), handOvers.open(), intents.open(surroundings.now())]);
      await synced.open(handOvers.lastRecorded, latestOf([...outbox.items.values()]));
      if (synced.reading) await handOvers.prune(synced.reading.moment);
      const { device } = this;
      this.alone = new Alone({ synced, outbox, handOvers, intents, verifySignature, device });
      this.recalling = new Recalling(this.alone, surroundings);
      const { now } = surroundings;
      this.sending = new Sending({ store, outbox, handOvers, synced, undo: this.undo, now });
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
      // Who was revoked may still tell what they did before that.
      if (!status && this.connection.state === "unpaired") await this.sending?.send();
      if (!status) return false;
      this.askedAt = performance.now();
      // What one device still has to tell never goes up in another one's name.
      if (!this.isOurs(status)) {
        [this.alone, this.sending, this.recalling] = [null, null, null];
        await this.operators.forget();
        this.complain("other_device");
        return false;
      }
      await this.sending?.send(Date.parse(status.server_time));
    }
    // Before what is new comes: it may have counted it in.
    await this.recalling?.recall();
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

  /** @param {Alone} alone */
  async sync({ synced, outbox }) {
    const { waiting, parked } = outbox.count;
    const outcome = await synced.sync(earliestUntold([...outbox.items.values()]), waiting + parked);
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

  /** @param {Entry} entry */
  async owes(entry) {
    return (await this.alone?.owes(entry)) ?? false;
  }

  tell() {
    return this.hurry();
  }

  /** @param {Asking} asking */
  async decide(asking) {
    return (await this.alone?.decide(asking)) ?? null;
  }

  /** @param {Asking} asking */
  async asks(asking) {
    await this.alone?.asks(asking);
  }

  /**
   * @param {Asking} asking
   * @param {Outcome} outcome
   */
  async unanswered(asking, outcome) {
    await this.alone?.unanswered(asking, outcome);
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
  isConflict(attemptId) {
    return Boolean(this.alone?.outbox.items.get(attemptId)?.answer?.conflict);
  }

  /** @param {string} attemptId */
  async undone(attemptId) {
    await this.alone?.undone(attemptId);
  }
}

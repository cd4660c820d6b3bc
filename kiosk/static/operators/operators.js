/**
 * Who may hold this device, who does, and what it may: as the server last told, and as was done here
 * since. Kept on the disk, so that it holds without a network and after a reload.
 */

import { HELD, NOBODY, SOON_MS, endOf, holderOf, settle, signedIn } from "./holding.js";
import { Kept } from "./kept.js";
import { OfflinePins } from "./offline-pins.js";
import { Server } from "./server.js";

/** @import {Admitted, Held, Holder, Told} from "./holding.js" */
/** @import {Facts} from "../offline/sync.js" */
/** @import {Refusal} from "./server.js" */

/** @typedef {Told & Pick<import("../connection.js").Status, "device" | "station">} Status */
/** @typedef {{roster: Admitted[], isRequired: boolean, may: string[], declined: Record<string, number>}} Known */

/** @typedef {{kind: "unknown"} | {kind: "too_long"} | {kind: "too_often"} | {kind: "no_network"} | {kind: "no_disk"}} Alone */
/** @typedef {{kind: "in", holder: Holder, operator: Admitted | null} | Refusal | Alone} SignedIn */

/**
 * @typedef {Object} Surroundings
 * @property {() => {moment: number, until: number} | null} alone what time it is for the server, and
 *   until when this device may act alone; null before it was ever told
 * @property {() => boolean} isLost whether the server is known to be out of reach
 * @property {() => void} onChange
 * @property {Server} [server]
 * @property {() => number} [monotonic]
 */

const KNOWN = "operators";

export class Operators {
  /**
   * @param {Surroundings} surroundings
   * @param {Partial<Known>} [known] what the page was told
   */
  constructor(surroundings, known = {}) {
    const { server = new Server(), monotonic = () => performance.now() } = surroundings;
    this.surroundings = surroundings;
    this.server = server;
    this.monotonic = monotonic;
    /** @type {Known} */
    this.known = { roster: [], isRequired: false, may: [], declined: {}, ...known };
    /** @type {Held} */
    this.held = NOBODY;
    /** @type {Holder | null} who held it until a moment ago, and may not go on */
    this.ended = null;
    this.kept = new Kept();
    /** @type {OfflinePins | null} */
    this.pins = null;
    /** @type {Status | null} */
    this.last = null;
    this.changedAt = -Infinity;
    this.leaving = Promise.resolve();
  }

  /**
   * The disk is there.
   * @param {Facts} facts
   * @param {OfflinePins} [pins]
   */
  async open(facts, pins = new OfflinePins(facts)) {
    const [known, held] = await Promise.all([facts.get(KNOWN), facts.get(HELD), pins.open()]);
    this.kept.facts = facts;
    this.pins = pins;
    const { declined } = { ...this.known, ...known };
    this.known = this.last ? { ...this.known, declined } : { ...this.known, ...known };
    if (held && this.changedAt === -Infinity) this.held = held;
    if (this.last) await this.told(this.last, this.monotonic());
    else this.tick();
    this.surroundings.onChange();
  }

  /** @returns {number} by the server's clock */
  get now() {
    return this.surroundings.alone()?.moment ?? Date.now();
  }

  /** @returns {Holder | null} */
  get holder() {
    const { holder } = this.held;
    return holder && this.now < this.endOf(holder) ? holder : null;
  }

  /** @param {Holder} holder */
  endOf(holder) {
    return endOf(holder, this.surroundings.alone()?.until ?? 0);
  }

  get endsSoon() {
    return this.holder !== null && this.endOf(this.holder) - this.now < SOON_MS;
  }

  /** Whether nothing may be scanned until somebody signs in. */
  get isMissing() {
    return this.known.isRequired && this.holder === null;
  }

  /**
   * The server answered.
   * @param {Status} status
   * @param {number} askedAt what was done here since then goes before it
   */
  async told(status, askedAt) {
    const { operators: roster = [], device, station } = status;
    this.last = { ...status, operators: roster };
    this.known = {
      ...this.known, roster, may: device.may ?? this.known.may, isRequired: station.operators === "required",
    };
    if (askedAt >= this.changedAt) {
      const { held, ended } = settle(this.held, this.last);
      this.held = held;
      this.ended = ended ?? this.ended;
      if (held.leaves) this.leave();
    }
    this.surroundings.onChange();
    await Promise.all([this.pins?.keepOnly(roster), this.write()]).catch(() => {});
  }

  /** A moment has gone by. */
  tick() {
    const { holder } = this.held;
    if (!holder || this.now < this.endOf(holder)) return;
    this.ended = holder;
    this.hold({ ...this.held, holder: null });
  }

  /**
   * @param {string} id
   * @param {string} pin
   * @param {string | null} [newPin]
   * @returns {Promise<SignedIn>}
   */
  async signIn(id, pin, newPin = null) {
    const operator = this.known.roster.find((one) => one.id === id);
    const canAlone = operator !== undefined && newPin === null && this.pins?.knows(operator);
    if (this.surroundings.isLost() && canAlone) return this.signInAlone(operator, pin);
    await this.leaving;
    const told = await this.server.signIn(id, pin, newPin);
    if (told.kind === "silence") {
      return operator && newPin === null ? this.signInAlone(operator, pin) : { kind: "no_network" };
    }
    if (told.kind !== "in") return told;
    const holder = signedIn({ ...told.operator, until: told.until }, [told.operator]);
    this.known.roster = this.known.roster.map((one) => (one.id === id ? { ...one, ...told.operator } : one));
    this.hold({ holder, leaves: false });
    this.pins?.learn(id, told.operator.pin_number, newPin ?? pin).catch(() => {});
    return { kind: "in", holder, operator: told.operator };
  }

  /**
   * @param {Admitted} operator
   * @param {string} pin
   * @returns {Promise<SignedIn>}
   */
  async signInAlone(operator, pin) {
    const alone = this.surroundings.alone();
    if (!this.pins || !alone) return { kind: "no_network" };
    try {
      const looked = await this.pins.look(operator, pin, alone);
      if (looked.kind !== "right") return looked;
    } catch {
      return { kind: "no_disk" };
    }
    const holder = holderOf(operator, "device", alone.moment);
    this.hold({ holder, leaves: true });
    return { kind: "in", holder, operator: null };
  }

  /**
   * Who has no PIN yet is believed.
   * @param {Admitted} operator
   */
  vouch(operator) {
    this.hold({ holder: holderOf(operator, "vouched", this.now), leaves: true });
    this.leave();
  }

  /** Nobody holds this device any more; the server hears of it when it can. */
  signOut() {
    this.hold({ holder: null, leaves: true });
    this.leave();
  }

  leave() {
    this.leaving = this.server.signOut().then((isDone) => {
      if (isDone && this.held.leaves) this.hold({ ...this.held, leaves: false });
    });
  }

  /** They keep the PIN that an organiser drew. @param {Admitted} operator */
  async decline({ id, pin_number: pinNumber }) {
    this.known.declined = { ...this.known.declined, [id]: pinNumber };
    await this.write().catch(() => {});
  }

  /** @param {Admitted} operator */
  isAskedForNewPin({ id, pin_chosen: isChosen, pin_number: pinNumber }) {
    return !isChosen && this.known.declined[id] !== pinNumber;
  }

  /** This browser stands for no device any more: it knows nobody. */
  async forget() {
    [this.held, this.ended, this.last] = [NOBODY, null, null];
    this.known = { ...this.known, roster: [], declined: {} };
    this.surroundings.onChange();
    await Promise.all([this.pins?.forget(), this.write()]).catch(() => {});
  }

  /** @param {Held} held */
  hold(held) {
    this.held = held;
    this.changedAt = this.monotonic();
    if (held.holder) this.ended = null;
    this.write().catch(() => {});
    this.surroundings.onChange();
  }

  async write() {
    await Promise.all([this.kept.set(KNOWN, this.known), this.kept.set(HELD, this.held)]);
  }
}

/**
 * Decides where no server answers, by what was synced and by what was done here; and remembers what
 * the server answered, so that nothing is handed out twice once it is silent.
 */

import { decide, see } from "../rules/offline.js";
import { nameOf } from "../rules/voucher-name.js";
import { voucherOf } from "../entry.js";

/** @import {Answer, Mode, Outcome} from "../contract.js" */
/** @import {Entry} from "../entry.js" */
/** @import {Reading} from "../rules/clock.js" */
/** @import {Decision} from "../rules/offline-answer.js" */
/** @import {VerifySignature} from "../rules/token.js" */
/** @import {HandOvers} from "./hand-overs.js" */
/** @import {Intent, Intents} from "./intents.js" */
/** @import {Outbox} from "./outbox.js" */
/** @import {KeptHandOver} from "./store.js" */
/** @import {Synced} from "./sync.js" */

/**
 * What is asked about, as far as it matters here.
 * @typedef {Object} Asking
 * @property {string} id
 * @property {Entry} entry
 * @property {Mode} mode
 * @property {number} uses
 * @property {boolean} identityConfirmed
 * @property {string | null} follows the attempt after whose answer staff looked who it is
 * @property {Record<string, unknown> & {attempt_id: string}} scan as the server is asked
 * @property {string | null} by the name of who holds the device
 */

/**
 * isFinal: it is decided. Else only the server can, and this is what to say while it does not.
 * @typedef {{outcome: Outcome, isFinal: boolean}} Own
 */

/** What more of the synced state, or the server itself, may answer otherwise. */
export const NEEDS_SERVER = ["online_required", "unknown_perk", "allowance_spent"];
/** How long staff may look at an ID, as the server has it. */
const LOOK_MS = 5 * 60 * 1000;

export class Alone {
  /**
   * @param {Object} parts
   * @param {Synced} parts.synced
   * @param {Outbox} parts.outbox
   * @param {HandOvers} parts.handOvers
   * @param {Intents} parts.intents
   * @param {VerifySignature} parts.verifySignature
   * @param {string} parts.device its name
   */
  constructor({ synced, outbox, handOvers, intents, verifySignature, device }) {
    this.intents = intents;
    this.synced = synced;
    this.outbox = outbox;
    this.handOvers = handOvers;
    this.verifySignature = verifySignature;
    this.device = device;
    /** @type {Map<string, {text: string, reading: Reading}>} attempts after which staff look */
    this.looks = new Map();
  }

  /** Whether enough is known to decide. */
  get isAble() {
    return this.synced.state !== null;
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<boolean>} whether something was handed out for it that the server has not heard
   */
  async owes(entry) {
    const open = this.handOvers.list.filter(({ recorded }) => recorded === null);
    const voucher = voucherOf(entry);
    // Which voucher a reference means only the server knows: then it is told all.
    if (open.length > 0 && entry.kind === "reference") return true;
    if (open.length === 0 || voucher === null) return false;
    const owed = await nameOf(voucher);
    return open.some(({ name }) => name === owed);
  }

  /**
   * The server is about to be asked: what may come of it is on the disk before.
   * @param {Asking} asking
   */
  async asks({ id, entry, mode, uses }) {
    if (mode !== "redeem") return;
    const voucher = voucherOf(entry);
    const name = voucher === null ? null : await nameOf(voucher);
    await this.intents.begin({ id, name, uses, since: this.synced.surroundings.now() });
  }

  /**
   * No answer came of what was asked: a silence may have counted all the same.
   * @param {Asking} asking
   * @param {Outcome} outcome
   */
  async unanswered({ id }, outcome) {
    if (outcome.kind === "silence") this.intents.leave(id);
    else await this.intents.end(id);
  }

  /**
   * @param {Asking} asking
   * @returns {Promise<Own | null>} null where nothing can be said here. What is handed over is on
   *   the disk then
   */
  async decide(asking) {
    try {
      return await this.decideOrThrow(asking);
    } catch {
      // A disk that is full, a browser that knows too little: then only the server can say.
      return null;
    }
  }

  /** @param {Asking} asking */
  async decideOrThrow(asking) {
    const { entry, mode, uses, identityConfirmed } = asking;
    const keys = this.synced.state;
    const { kind, text } = entry;
    if (!keys || kind === "reference") return null;
    const seen = await see({ kind, text }, keys, this.verifySignature);
    // Nothing is awaited from here until it is remembered: see decide().
    const { state, allowance } = this.synced;
    const reading = this.readingFor(asking);
    if (!state || !reading) return null;
    const known = {
      state, memory: this.handOvers.list,
      allowance: { left: allowance.number - this.outbox.usesWaiting, until: allowance.until },
    };
    const decision = decide(seen, { mode, uses, identityConfirmed }, known, reading.moment);
    this.synced.note(reading.moment);
    this.look(asking, decision.verdict, reading);
    const isFinal = !NEEDS_SERVER.includes(decision.verdict);
    if (isFinal && mode === "redeem") await this.keep(asking, decision, reading);
    return { isFinal, outcome: this.outcomeOf(asking, decision, reading, isFinal) };
  }

  /**
   * The moment to judge by: a live code that was good when staff began to look who it is stays so.
   * @param {Asking} asking
   * @returns {Reading | null}
   */
  readingFor({ identityConfirmed, follows, entry }) {
    const now = this.synced.reading;
    const look = identityConfirmed && follows ? this.looks.get(follows) : undefined;
    const isSame = look && look.text === entry.text;
    return now && isSame && now.moment - look.reading.moment < LOOK_MS ? look.reading : now;
  }

  /**
   * @param {Asking} asking
   * @param {string} verdict
   * @param {Reading | null} reading
   */
  look({ id, entry }, verdict, reading) {
    if (verdict === "identity_required" && reading) this.looks.set(id, { text: entry.text, reading });
  }

  /**
   * @param {Asking} asking
   * @param {Decision} decision
   * @param {Reading} reading
   */
  async keep({ id, uses, scan, by }, decision, { judged, moment }) {
    const { verdict, name, voucher, facts } = decision;
    const isHandedOver = verdict === "redeemed" && name !== null;
    /** @type {KeptHandOver | null} */
    const handOver = isHandedOver
      ? { ...this.handOver(id, name, uses, new Date(moment).toISOString(), by), until: facts?.valid_until ?? null }
      : null;
    const told = { verdict, perk: voucher?.perk.name ?? "", name: name ?? "", uses };
    const body = { ...scan, scanned_at: judged.judged_at, offline: { verdict, ...judged } };
    if (handOver) this.handOvers.all.set(id, handOver);
    try {
      await this.outbox.add(body, told, handOver);
    } catch (error) {
      this.handOvers.all.delete(id);
      throw error;
    }
    // From now on it is told by its upload.
    await this.intents.end(id);
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {number} uses
   * @param {string} at
   * @param {string | null} operator
   * @returns {KeptHandOver}
   */
  handOver(id, name, uses, at, operator) {
    const station = this.synced.terms?.station.name ?? "";
    const { device } = this;
    return { id, name, uses, at, station, device, operator, recorded: null, until: null };
  }

  /**
   * @param {Asking} asking
   * @param {Decision} decision
   * @param {Reading} reading
   * @param {boolean} isFinal
   * @returns {Outcome}
   */
  outcomeOf({ id, uses, by }, decision, { moment, judged }, isFinal) {
    const now = new Date(moment);
    const { verdict, live, voucher, member, first_redemption, unchecked, message_key, facts } = decision;
    /** @type {Answer} */
    const answer = {
      verdict, live, uses, voucher, member, first_redemption,
      message: "", message_key, facts,
      scanned_by: { operator: by },
      server_time: now.toISOString(),
      skew_ms: judged.skew_ms,
      own: { asOf: new Date(this.synced.asOf).toISOString(), unchecked, isFinal },
    };
    return { kind: "answer", answer, waitedMs: 0, attemptId: id };
  }

  /**
   * The server answered: what it handed over is remembered here.
   * @param {Asking} asking
   * @param {Answer} answer
   */
  async heard(asking, answer) {
    const { id, entry, uses } = asking;
    this.look(asking, answer.verdict, this.synced.reading);
    if (answer.verdict === "redeemed" && asking.mode === "redeem") {
      const voucher = voucherOf(entry);
      const name = voucher === null ? null : await nameOf(voucher);
      await this.remember({ id, name, uses }, answer);
    }
    await this.intents.end(id);
  }

  /**
   * The server redeemed it. It is on the disk before it is on the screen: whoever was handed something
   * is known here, whatever becomes of the page.
   * @param {Pick<Intent, "id" | "name" | "uses">} intent
   * @param {Answer} answer
   */
  async remember({ id, name: known, uses }, answer) {
    const name = known ?? answer.voucher?.sync_name;
    // An earlier server did not say it.
    if (!name) return;
    const at = answer.server_time ?? new Date().toISOString();
    const by = answer.scanned_by?.operator ?? null;
    const made = this.handOver(id, name, uses, at, by);
    const until = answer.voucher?.valid_until ?? null;
    await this.handOvers.add({ ...made, until, recorded: this.synced.begun }).catch(() => {});
  }

  /** @param {string} attemptId of a redemption that was taken back */
  async undone(attemptId) {
    await this.handOvers.forget(attemptId).catch(() => {});
  }
}

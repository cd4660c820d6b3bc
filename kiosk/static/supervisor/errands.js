/**
 * What a supervisor asks of the server in place of a plain scan. Each is safe to repeat: it goes by one
 * attempt, and is counted once.
 */

import { describe, describeUndo } from "../verdict.js";
import { describeRefund } from "./told.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Entry} from "../entry.js" */
/** @import {Scene} from "../moments.js" */
/** @import {Asking} from "../offline/alone.js" */
/** @import {Sighting} from "../repeats.js" */
/** @import {Attempt, Scans} from "../scans.js" */
/** @import {Shown} from "../verdict.js" */
/** @import {Named, Server} from "./server.js" */

/**
 * @typedef {Object} Errand
 * @property {(onRetry: (next: number, of: number) => void) => Promise<Outcome>} send
 * @property {(outcome: Outcome, scene: Scene) => Shown} describe
 * @property {Record<string, unknown>} shows what was shown, as a scan says it
 * @property {string | null} settles the attempt that it is about
 * @property {(follows: string | null) => Errand} [confirmed] the same once staff looked who it is, after
 *   the answer to this attempt
 * @property {() => void} [forget] nothing more comes of it
 */

/** Answers after which staff look who it is, and the same decision is asked for once more. */
const ASKS = ["identity_required", "live_required"];

const ADDRESS = "/api/v1/scans";

export class Errands {
  /**
   * @param {Scans} scans
   * @param {Server} server
   */
  constructor(scans, server) {
    this.scans = scans;
    this.server = server;
  }

  /**
   * Redeems where or when it is not given.
   * @param {Sighting} sighting
   * @param {Outcome} outcome its refusal
   * @param {{reason: string, looked: boolean}} said
   * @param {Named} named
   * @returns {Errand}
   */
  override({ entry, identityConfirmed, uses, errand }, outcome, { reason, looked }, named) {
    const isAnswer = outcome.kind === "answer";
    const rules = isAnswer ? outcome.answer.may_override ?? [] : [];
    const shows = errand?.shows ?? { [entry.kind]: entry.text };
    const more = {
      override: { reason, rules },
      ...(isAnswer ? { follows: outcome.attemptId } : {}),
      ...(uses > 1 ? { uses } : {}),
      ...(looked || identityConfirmed ? { identity_confirmed: true } : {}),
    };
    const settles = isAnswer ? outcome.attemptId : null;
    return this.redeem(entry, { ...shows, ...more }, shows, named, settles);
  }

  /**
   * Redeems what was found by its member's name.
   * @param {Entry} entry
   * @param {{reason: string, rules: string[], because: string}} said why there is no code; what is set
   *   aside, and why
   * @param {Named} named
   * @returns {Errand}
   */
  byReference(entry, { reason, rules, because }, named) {
    const shows = { reference: entry.text, reason, identity_confirmed: true };
    const more = rules.length > 0 ? { override: { reason: because, rules } } : {};
    return this.redeem(entry, { ...shows, ...more }, shows, named);
  }

  /**
   * @param {string} attemptId
   * @param {string} reason
   * @param {Named} named
   * @returns {Errand}
   */
  undo(attemptId, reason, named) {
    const attempt = this.attempt(attemptId, `/${attemptId}/undo`, { reason, operator: named.id });
    const send = async (/** @type {(next: number, of: number) => void} */ onRetry) => {
      await this.scans.alone.sent(attemptId);
      const outcome = await this.keepAsking(attempt, named, onRetry);
      if (outcome.kind === "answer") await this.scans.alone.undone(attemptId);
      return outcome;
    };
    return { send, describe: describeUndo, shows: {}, settles: attemptId };
  }

  /**
   * @param {string} attemptId
   * @param {{reason: string, uses: number | null, usable: boolean}} said
   * @param {Named} named
   * @returns {Errand}
   */
  refund(attemptId, { reason, uses, usable }, named) {
    const body = { reason, usable, operator: named.id, ...(uses === null ? {} : { uses }) };
    const attempt = this.attempt(attemptId, `/${attemptId}/refund`, body);
    const send = async (/** @type {(next: number, of: number) => void} */ onRetry) => {
      await this.scans.alone.sent(attemptId);
      return this.keepAsking(attempt, named, onRetry);
    };
    return { send, describe: describeRefund, shows: {}, settles: attemptId };
  }

  /**
   * @param {Entry} entry
   * @param {Record<string, unknown>} asked
   * @param {Record<string, unknown>} shows
   * @param {Named} named
   * @param {string | null} [settles]
   * @returns {Errand}
   */
  redeem(entry, asked, shows, named, settles = null) {
    const id = crypto.randomUUID();
    const scan = {
      attempt_id: id, mode: "redeem", scanned_at: new Date().toISOString(), operator: named.id,
      // As a plain scan: it counts once it was handed over, where the perk wants it so.
      can_confirm: true, ...asked,
    };
    const attempt = this.attempt(id, "", scan);
    const send = async (/** @type {(next: number, of: number) => void} */ onRetry) => {
      // What was handed over for it before comes first, or it could be handed out twice.
      await this.scans.isTold(entry);
      /** @type {Asking} */
      const asking = {
        id, entry, mode: "redeem", uses: Number(asked.uses ?? 1), identityConfirmed: false, follows: null, scan,
        by: named.name,
      };
      await this.scans.alone.asks(asking);
      const outcome = await this.keepAsking(attempt, named, onRetry);
      // Else it could be handed out again as soon as the network is away.
      if (outcome.kind === "answer") await this.scans.alone.heard(asking, outcome.answer);
      else await this.scans.alone.unanswered(asking, outcome);
      return outcome;
    };
    return {
      send, describe, shows, settles,
      confirmed: (follows) => {
        const looked = { identity_confirmed: true, ...(follows ? { follows } : {}) };
        return this.redeem(entry, { ...asked, ...looked }, shows, named, settles);
      },
      forget: () => { named.pin = null; },
    };
  }

  /**
   * The PIN was given for one request: where that was used up or is over, it is given once more.
   * @param {Attempt} attempt
   * @param {Named} named
   * @param {(next: number, of: number) => void} onRetry
   * @returns {Promise<Outcome>}
   */
  async keepAsking(attempt, named, onRetry) {
    let outcome = await this.scans.keepTrying(attempt, onRetry);
    const isRefused = outcome.kind === "problem" && outcome.status === 422;
    if (isRefused && named.pin !== null && (await this.server.signIn(named)) === "") {
      outcome = await this.scans.keepTrying(attempt, onRetry);
    }
    const goesOn = outcome.kind === "answer" && ASKS.includes(outcome.answer.verdict);
    if (outcome.kind !== "silence" && !goesOn) named.pin = null;
    return outcome;
  }

  /**
   * @param {string} id
   * @param {string} path
   * @param {Record<string, unknown>} body
   * @returns {Attempt}
   */
  attempt(id, path, body) {
    const since = this.scans.surroundings.monotonic();
    return { id, address: ADDRESS + path, body: JSON.stringify(body), since };
  }
}

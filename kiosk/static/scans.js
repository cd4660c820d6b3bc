/**
 * Asks the server about a voucher. An attempt that got no answer may have counted all the same,
 * so it is repeated under its own id until an answer comes, and the server counts it once. Where no
 * answer comes soon the device decides by itself, if it can, under the same id.
 */

import { askingOf } from "./asking.js";
import { end } from "./hold/ending.js";
import { NOBODY } from "./offline/decider.js";
import { wantsSignIn } from "./operators/naming.js";
import { sentenceOf } from "./problems.js";

/** @import {Looked} from "./asking.js" */
/** @import {Answer, Mode, Outcome} from "./contract.js" */
/** @import {Entry} from "./entry.js" */
/** @import {Ends} from "./hold/held.js" */
/** @import {Asking} from "./offline/alone.js" */
/** @import {Decider} from "./offline/decider.js" */

/**
 * @typedef {Object} Attempt
 * @property {string} id
 * @property {string} address
 * @property {string} body sent word for word each time
 * @property {number} since milliseconds, of a clock that nobody sets
 */

/**
 * @typedef {Object} Surroundings what tests replace
 * @property {typeof fetch} fetch
 * @property {() => number} monotonic
 * @property {(ms: number) => Promise<void>} pause
 */

const ADDRESS = "/api/v1/scans";
export const TIMEOUT_MS = 8000;
/** So long staff wait for the server before the device decides by itself. */
export const PATIENCE_MS = 1500;
export const PAUSES_MS = [1000, 3000];

/** Answers that say nothing about the voucher: the same attempt may still be made. */
const NOT_JUDGED = [401, 403, 429];

/** @type {Surroundings} */
const BROWSER = {
  fetch: (input, init) => fetch(input, init),
  monotonic: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export class Scans {
  /**
   * @param {Surroundings} [surroundings]
   * @param {Decider} [alone]
   */
  constructor(surroundings = BROWSER, alone = NOBODY) {
    this.surroundings = surroundings;
    this.alone = alone;
    /** @type {Map<string, Attempt & {asking: Asking}>} */
    this.unanswered = new Map();
  }

  /**
   * Asks until there is an answer, three times at most, unless the device decides. Asking again later
   * about the same entry goes on with the attempt that was left without an answer.
   * @param {Entry} entry
   * @param {Mode} mode
   * @param {Looked} looked
   * @param {(next: number, of: number) => void} [onRetry] told before each further try
   * @returns {Promise<Outcome>}
   */
  async ask(entry, mode, looked, onRetry = () => {}) {
    const key = `${mode} ${looked.identityConfirmed} ${looked.uses ?? 1} ${entry.kind} ${entry.text}`;
    const attempt = this.named(this.unanswered.get(key) ?? this.newAttempt(entry, mode, looked));
    this.unanswered.set(key, attempt);
    const outcome = await this.answerTo(attempt, onRetry);
    if (isSettled(outcome)) this.unanswered.delete(key);
    return outcome;
  }

  /**
   * Says what became of what an attempt holds. Safe to repeat: it counts once.
   * @param {Entry} entry
   * @param {Mode} mode
   * @param {Looked} looked as the attempt was made
   * @param {Ends} ends
   * @param {(next: number, of: number) => void} [onRetry]
   * @returns {Promise<Outcome>}
   */
  end(entry, mode, looked, ends, onRetry) {
    const { asking } = this.named(this.newAttempt(entry, mode, looked, ends.attemptId));
    return end(this, asking, ends, onRetry);
  }

  /**
   * @param {Attempt & {asking: Asking}} attempt
   * @param {(next: number, of: number) => void} onRetry
   * @returns {Promise<Outcome>}
   */
  async answerTo(attempt, onRetry) {
    const { alone } = this;
    if (!(await this.isTold(attempt.asking.entry))) {
      // The server would hand it out a second time.
      const own = await alone.decide(attempt.asking);
      if (own) return own.outcome;
    }
    await alone.asks(attempt.asking);
    const answering = this.tryOnce(attempt);
    const soon = await this.soon(answering);
    const own = soon === null || soon.kind === "silence" ? await alone.decide(attempt.asking) : null;
    if (own?.isFinal) {
      answering.then((late) => late.kind === "answer" && alone.cameBack());
      return own.outcome;
    }
    const outcome = await this.keepTrying(attempt, onRetry, answering);
    if (outcome.kind === "answer") await alone.heard(attempt.asking, outcome.answer);
    else await alone.unanswered(attempt.asking, outcome);
    return outcome.kind === "silence" && own ? own.outcome : outcome;
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<boolean>} whether the server knows of all that was handed out here for it
   */
  async isTold(entry) {
    const { alone, surroundings } = this;
    if (!(await alone.owes(entry))) return true;
    if (!alone.isLost) await Promise.race([alone.tell(), surroundings.pause(PATIENCE_MS)]);
    return !(await alone.owes(entry));
  }

  /**
   * @param {Promise<Outcome>} answering
   * @returns {Promise<Outcome | null>} null where staff have waited long enough
   */
  async soon(answering) {
    if (!this.alone.isAble) return answering;
    if (this.alone.isLost) return null;
    return Promise.race([answering, this.surroundings.pause(PATIENCE_MS).then(() => null)]);
  }

  /**
   * Takes back what an attempt redeemed. Safe to repeat: the server undoes it once.
   * @param {string} attemptId
   * @param {string} reason
   * @param {(next: number, of: number) => void} [onRetry]
   * @param {string | null} [operator] who takes it back
   * @returns {Promise<Outcome>}
   */
  async undo(attemptId, reason, onRetry = () => {}, operator = null) {
    await this.alone.sent(attemptId);
    const address = `${ADDRESS}/${attemptId}/undo`;
    const body = JSON.stringify(operator === null ? { reason } : { reason, operator });
    const since = this.surroundings.monotonic();
    const outcome = await this.keepTrying({ id: attemptId, address, body, since }, onRetry);
    const isUndone = outcome.kind === "answer" && outcome.answer.verdict === "undone";
    if (isUndone) await this.alone.undone(attemptId);
    return outcome;
  }

  /**
   * @param {Attempt} attempt
   * @param {(next: number, of: number) => void} onRetry
   * @param {Promise<Outcome>} [first] a try that is under way
   */
  async keepTrying(attempt, onRetry, first = this.tryOnce(attempt)) {
    let outcome = await first;
    for (const [index, pause] of PAUSES_MS.entries()) {
      if (outcome.kind !== "silence") break;
      onRetry(index + 2, PAUSES_MS.length + 1);
      await this.surroundings.pause(pause);
      outcome = await this.tryOnce(attempt);
    }
    return outcome;
  }

  /**
   * @param {Attempt & {asking: Asking}} attempt
   * @returns {Attempt & {asking: Asking}} as it is sent
   */
  named(attempt) {
    return attempt;
  }

  /**
   * @param {Entry} entry
   * @param {Mode} mode
   * @param {Looked} looked
   * @param {string} [id]
   * @returns {Attempt & {asking: Asking}}
   */
  newAttempt(entry, mode, looked, id = crypto.randomUUID()) {
    const asking = askingOf(id, entry, mode, looked);
    const since = this.surroundings.monotonic();
    return { id: asking.id, address: ADDRESS, body: JSON.stringify(asking.scan), since, asking };
  }

  /**
   * @param {Attempt} attempt
   * @returns {Promise<Outcome>}
   */
  async tryOnce(attempt) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await this.surroundings.fetch(attempt.address, {
        method: "POST",
        credentials: "same-origin",
        cache: "no-store",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: attempt.body,
        signal: abort.signal,
      });
      return await this.outcomeOf(response, attempt);
    } catch {
      return { kind: "silence", reason: abort.signal.aborted ? "timeout" : "network" };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {Response} response
   * @param {Attempt} attempt
   * @returns {Promise<Outcome>}
   */
  async outcomeOf(response, attempt) {
    const { status } = response;
    if (status >= 500) return { kind: "silence", reason: "server" };
    if (status >= 400) return { kind: "problem", status, sentence: await sentenceOf(response) };
    // The page that a hotel's or a fair's network puts in between also says 200.
    const answer = /** @type {Answer} */ (await response.json());
    if (typeof answer?.verdict !== "string") return { kind: "silence", reason: "server" };
    const waitedMs = this.surroundings.monotonic() - attempt.since;
    return { kind: "answer", answer, waitedMs, attemptId: attempt.id };
  }
}

/**
 * @param {Outcome} outcome
 * @returns {boolean} whether the attempt is over, so that the next scan is a new one
 */
function isSettled(outcome) {
  if (outcome.kind === "silence") return false;
  if (outcome.kind === "answer") return outcome.answer.own?.isFinal !== false;
  return !NOT_JUDGED.includes(outcome.status) && !wantsSignIn(outcome);
}

/**
 * Asks the server about a voucher. An attempt that got no answer may have counted all the same,
 * so it is repeated under its own id until an answer comes, and the server counts it once.
 */

/** @import {Answer, Mode, Outcome} from "./contract.js" */
/** @import {Entry} from "./entry.js" */

/**
 * @typedef {Object} Attempt
 * @property {string} id
 * @property {string} address
 * @property {string} body sent word for word each time
 * @property {number} since milliseconds, of a clock that nobody sets
 */

/**
 * Whether staff have looked who it is, and after the answer to which attempt.
 * @typedef {{identityConfirmed: boolean, follows?: string | null}} Looked
 */

/**
 * @typedef {Object} Surroundings what tests replace
 * @property {typeof fetch} fetch
 * @property {() => number} monotonic
 * @property {(ms: number) => Promise<void>} pause
 */

const ADDRESS = "/api/v1/scans";
export const TIMEOUT_MS = 8000;
export const PAUSES_MS = [1000, 3000];

/** Answers that say nothing about the voucher: the same attempt may still be made. */
const NOT_JUDGED = [401, 403, 429];

/** @type {Record<number, string>} */
const SENTENCES = {
  400: "The server did not understand this scan.",
  401: "This browser is not paired any more. Ask an organiser for a new pairing link.",
  403: "This device may not do that. Ask an organiser.",
  409: "The server already knows this scan with other contents. Scan the code once more.",
  422: "The server did not accept this scan.",
  429: "Too many scans at once. Wait a moment, then scan again.",
};

/** @type {Surroundings} */
const BROWSER = {
  fetch: (input, init) => fetch(input, init),
  monotonic: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export class Scans {
  /** @param {Surroundings} [surroundings] */
  constructor(surroundings = BROWSER) {
    this.surroundings = surroundings;
    /** @type {Map<string, Attempt>} */
    this.unanswered = new Map();
  }

  /**
   * Asks until there is an answer, three times at most. Asking again later about the same entry
   * goes on with the attempt that was left without an answer.
   * @param {Entry} entry
   * @param {Mode} mode
   * @param {Looked} looked
   * @param {(next: number, of: number) => void} [onRetry] told before each further try
   * @returns {Promise<Outcome>}
   */
  async ask(entry, mode, looked, onRetry = () => {}) {
    const key = `${mode} ${looked.identityConfirmed} ${entry.kind} ${entry.text}`;
    const attempt = this.unanswered.get(key) ?? this.newAttempt(entry, mode, looked);
    this.unanswered.set(key, attempt);
    const outcome = await this.keepTrying(attempt, onRetry);
    if (isSettled(outcome)) this.unanswered.delete(key);
    return outcome;
  }

  /**
   * Takes back what an attempt redeemed. Safe to repeat: the server undoes it once.
   * @param {string} attemptId
   * @param {string} reason
   * @param {(next: number, of: number) => void} [onRetry]
   * @returns {Promise<Outcome>}
   */
  async undo(attemptId, reason, onRetry = () => {}) {
    const address = `${ADDRESS}/${attemptId}/undo`;
    const body = JSON.stringify({ reason });
    const since = this.surroundings.monotonic();
    return this.keepTrying({ id: attemptId, address, body, since }, onRetry);
  }

  /**
   * @param {Attempt} attempt
   * @param {(next: number, of: number) => void} onRetry
   */
  async keepTrying(attempt, onRetry) {
    let outcome = await this.tryOnce(attempt);
    for (const [index, pause] of PAUSES_MS.entries()) {
      if (outcome.kind !== "silence") break;
      onRetry(index + 2, PAUSES_MS.length + 1);
      await this.surroundings.pause(pause);
      outcome = await this.tryOnce(attempt);
    }
    return outcome;
  }

  /**
   * @param {Entry} entry
   * @param {Mode} mode
   * @param {Looked} looked
   * @returns {Attempt}
   */
  newAttempt(entry, mode, { identityConfirmed, follows }) {
    const id = crypto.randomUUID();
    const body = JSON.stringify({
      attempt_id: id,
      [entry.kind]: entry.text,
      mode,
      scanned_at: new Date().toISOString(),
      ...(identityConfirmed ? { identity_confirmed: true } : {}),
      ...(identityConfirmed && follows ? { follows } : {}),
    });
    return { id, address: ADDRESS, body, since: this.surroundings.monotonic() };
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
  return outcome.kind === "answer" || !NOT_JUDGED.includes(outcome.status);
}

/**
 * What a problem (RFC 9457) tells people.
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function sentenceOf(response) {
  const own = SENTENCES[response.status] ?? "The server refused this scan.";
  if (response.status === 401) return own;
  try {
    const problem = await response.json();
    return [problem.detail, problem.title].find((text) => typeof text === "string" && text) ?? own;
  } catch {
    return own;
  }
}

/** What is held for the customer at the desk, and for how long. Pure. */

/** @import {Answer, Outcome} from "../contract.js" */

/** @import {Errand} from "../supervisor/errands.js" */
/** @import {Sighting} from "../repeats.js" */

/** confirm: it was handed over. release: it was not. @typedef {"confirm" | "release"} How */

/**
 * A hold that staff end.
 * @typedef {Object} Ends
 * @property {How} how
 * @property {string} attemptId the attempt that holds
 * @property {Answer} held its answer
 * @property {boolean} [supervised] whether a supervisor decided it, before the page was loaded anew
 * @property {Errand | null} [errand] what a supervisor asked, where that holds
 */

/** @typedef {Extract<Outcome, {kind: "answer"}> & {answer: {verdict: "reserved"}}} HeldOutcome */

/** As long as something is held, by the server's rule; no answer may say longer. */
export const HELD_MS = 2 * 60 * 1000;

/**
 * @param {Outcome | null | undefined} outcome
 * @returns {outcome is HeldOutcome}
 */
export function isHeld(outcome) {
  return outcome?.kind === "answer" && outcome.answer.verdict === "reserved";
}

/**
 * @param {Pick<Sighting, "outcome" | "ends">} sighting
 * @returns {boolean} whether staff still have to say what became of what is held
 */
export function isUndecided({ outcome, ends }) {
  return isHeld(outcome) || (ends !== null && outcome?.kind === "silence");
}

/**
 * @param {Pick<Sighting, "ends">} sighting
 * @param {Pick<Sighting, "outcome" | "ends">} before
 * @returns {boolean} whether staff say by the one what became of what the other holds
 */
export function isEndOf({ ends }, { outcome, ends: ended }) {
  const holds = ended?.attemptId ?? (outcome?.kind === "answer" ? outcome.attemptId : null);
  return ends !== null && ends.attemptId === holds;
}

/**
 * For how long more it is held, at least, as its answer comes in. The server's clock alone is read, so
 * a device whose clock is wrong counts right; and the answer may have taken its time, or may be given
 * again: all of that is taken off.
 * @param {Extract<Outcome, {kind: "answer"}>} outcome
 * @returns {number} milliseconds
 */
export function heldFor({ answer, waitedMs }) {
  const until = Date.parse(answer.hold?.until ?? ""), now = Date.parse(answer.server_time ?? "");
  const left = until - now - Math.max(waitedMs, 0);
  return Number.isNaN(left) ? 0 : Math.min(Math.max(left, 0), HELD_MS);
}

/**
 * @param {number} ms
 * @returns {string} as 1:05; never shorter than it is
 */
export function minutes(ms) {
  const seconds = Math.ceil(Math.max(ms, 0) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

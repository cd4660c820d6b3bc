/** What the outbox keeps. */

import { settled } from "../rules/clock.js";

/** @import {Answer} from "../contract.js" */
/** @import {Problem} from "../problems.js" */
/** @import {Judged} from "../rules/clock.js" */

/**
 * waiting: goes up by itself. parked: the server will not take it as it is. settled: answered.
 * @typedef {"waiting" | "parked" | "settled"} State
 */

/**
 * @typedef {Object} Item
 * @property {string} id the attempt's
 * @property {number} place its place in the queue
 * @property {State} state
 * @property {Record<string, unknown>} body the scan, as `POST /api/v1/scans` takes it
 * @property {Told} told what staff were shown
 * @property {number} since when it was decided, by this device's clock
 * @property {number} tries
 * @property {Answer & {conflict?: string | null} | null} answer
 * @property {Problem | null} [problem] why it is parked
 * @property {"taken back" | "seen" | null} [done] what was done about its answer since
 */

/**
 * @typedef {Object} Told
 * @property {string} verdict
 * @property {string} perk
 * @property {string} name what the voucher is known by on this device: never its code
 * @property {number} uses
 */

/**
 * Handed over here, and the record does not accept it: people have to decide.
 * @param {Item} item
 */
export function isConflict({ answer, done }) {
  return Boolean(answer?.conflict) && !done;
}

/**
 * Refused here, while the server had counted it: its answer came too late for the screen.
 * @param {Item} item
 */
export function isCountedForNothing({ state, told, answer, done }) {
  return state === "settled" && told.verdict !== "redeemed" && answer?.verdict === "redeemed" && !done;
}

/**
 * A clock that ran fast would say that it is still to come.
 * @param {Item["body"]} body
 * @param {number} serverTime
 */
export function asUploaded(body, serverTime) {
  const offline = /** @type {Judged & {verdict: string} | undefined} */ (body.offline);
  if (!offline) return body;
  return { ...body, offline: { verdict: offline.verdict, ...settled(offline, serverTime) } };
}

/**
 * Settled, and nothing that people still have to look at.
 * @param {Item} item
 */
export function isOver(item) {
  const isQuiet = !item.answer?.conflict && !isCountedForNothing(item);
  return item.state === "settled" && (isQuiet || Boolean(item.done));
}

/**
 * @param {Item[]} items
 * @returns {number} when the latest of them was decided, by the server's clock
 */
export function latestOf(items) {
  return Math.max(0, ...momentsOf(items));
}

/**
 * @param {Item[]} items
 * @returns {number} when the earliest was decided that the server has not answered; Infinity for none
 */
export function earliestUntold(items) {
  return Math.min(Infinity, ...momentsOf(items.filter(({ state }) => state !== "settled")));
}

/** @param {Item[]} items */
function momentsOf(items) {
  return items.flatMap(({ body }) => {
    const offline = /** @type {Judged | undefined} */ (body.offline);
    return offline ? [Date.parse(offline.judged_at) - offline.skew_ms] : [];
  });
}

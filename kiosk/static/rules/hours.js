/**
 * Opening hours and blackouts, as a programme writes them: the twin of `app/communities/hours.py`,
 * held to it by shared vectors and by generated cases. Moments are Unix seconds.
 */

import { FULL_DAY, WEEK, read } from "./hours-lines.js";
import { dayOf, momentOf } from "./zones.js";

/** @import {Lines, Span} from "./hours-lines.js" */

/**
 * One time of being open: the first moment, and the first one after.
 * @typedef {{begins: number, ends: number}} Opening
 */

const DAY_SECONDS = FULL_DAY * 60;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;
/** Days in which the next opening is looked for. */
const LOOK_AHEAD = 400;

/**
 * Whether it is open at a moment; without hours it always is, but for what is closed.
 * @param {string[] | null} hours
 * @param {string[]} closed
 * @param {string} zone as `Europe/Berlin`
 * @param {number} moment
 * @returns {boolean}
 * @throws {HoursUnreadable} for a line that no programme may have
 * @throws {RangeError} where this browser does not know the zone
 */
export function isOpen(hours, closed, zone, moment) {
  if (closedUntil(read(closed), moment, zone) !== null) return false;
  if (hours === null) return true;
  const lines = read(hours);
  return endOf((day) => hoursOf(lines, day), moment, zone) !== null;
}

/**
 * When it is open next, at the moment or after it.
 * @param {string[] | null} hours
 * @param {string[]} closed
 * @param {string} zone
 * @param {number} moment
 * @returns {Opening | null} null where no opening is to come
 * @throws {HoursUnreadable} for a line that no programme may have
 * @throws {RangeError} where this browser does not know the zone
 */
export function nextOpening(hours, closed, zone, moment) {
  const shut = read(closed);
  for (const { begins, ends } of openings(hours, zone, moment)) {
    const first = firstFree(shut, Math.max(begins, moment), ends, zone);
    if (first !== null) return { begins: first, ends };
  }
  return null;
}

/**
 * @param {string[] | null} hours
 * @param {string} zone
 * @param {number} moment
 * @returns {Generator<Opening>}
 */
function* openings(hours, zone, moment) {
  if (hours === null) {
    yield { begins: moment, ends: moment + LOOK_AHEAD * DAY_SECONDS };
    return;
  }
  const lines = read(hours);
  const first = dayOf(moment, zone) - 1;
  for (let day = first; day < first + LOOK_AHEAD; day += 1) {
    for (const span of hoursOf(lines, day).sort(bySpan)) {
      yield during(day, span, zone);
    }
  }
}

/**
 * The first moment, from this one to the end, that no blackout covers.
 * @param {Lines} shut
 * @param {number} moment
 * @param {number} ends
 * @param {string} zone
 */
function firstFree(shut, moment, ends, zone) {
  let first = moment;
  while (first < ends) {
    const over = closedUntil(shut, first, zone);
    if (over === null) return first;
    first = over;
  }
  return null;
}

/**
 * @param {Lines} shut
 * @param {number} moment
 * @param {string} zone
 */
function closedUntil(shut, moment, zone) {
  return endOf((day) => closedOn(shut, day), moment, zone);
}

/**
 * When the span that covers this moment ends; null where none does.
 * @param {(day: number) => Span[]} spansOf
 * @param {number} moment
 * @param {string} zone
 */
function endOf(spansOf, moment, zone) {
  const today = dayOf(moment, zone);
  // One of the day before may last past midnight.
  for (const day of [today, today - 1]) {
    for (const span of spansOf(day)) {
      const { begins, ends } = during(day, span, zone);
      if (begins <= moment && moment < ends) return ends;
    }
  }
  return null;
}

/**
 * The spans that begin on this day: its date's own, or else its weekday's.
 * @param {Lines} lines
 * @param {number} day
 */
function hoursOf({ weekly, dated }, day) {
  const own = of(dated, day);
  return own.length > 0 ? own : of(weekly, weekdayOf(day));
}

/**
 * The spans that begin on this day, by its date and by its weekday.
 * @param {Lines} lines
 * @param {number} day
 */
function closedOn({ weekly, dated }, day) {
  return [...of(dated, day), ...of(weekly, weekdayOf(day))];
}

/**
 * @param {[number, Span][]} spans
 * @param {number} wanted
 */
function of(spans, wanted) {
  return spans.filter(([day]) => day === wanted).map(([, span]) => span);
}

/** @param {number} day */
function weekdayOf(day) {
  return (day + FIRST_WEEKDAY) % WEEK;
}

/**
 * @param {number} day
 * @param {Span} span
 * @param {string} zone
 * @returns {Opening}
 */
function during(day, { begins, ends }, zone) {
  return { begins: momentOf(day, begins, zone), ends: momentOf(day, ends, zone) };
}

/**
 * @param {Span} one
 * @param {Span} other
 */
function bySpan(one, other) {
  return one.begins - other.begins || one.ends - other.ends;
}

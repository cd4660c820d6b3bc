/** Times as people say them, in the language that is spoken and the zone of the station. Pure. */

import { locale, word } from "./words/language.js";
import { MOMENTS } from "./words/moments.js";

/**
 * Where and when something is read.
 * @typedef {Object} Scene
 * @property {Date} now
 * @property {string} [timeZone] the station's; the device's own where left out
 */

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * today 14:02, yesterday 09:30, Mon 3 Nov 18:00, or the same in another language.
 * @param {string} at RFC 3339
 * @param {Scene} scene
 * @returns {string}
 */
export function when(at, { now, timeZone }) {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return word(MOMENTS.unknown);
  const time = clockTime(moment, timeZone);
  /** @param {Date} date */
  const day = (date) => {
    const options = { timeZone, weekday: "short", day: "numeric", month: "short" };
    const parts = new Intl.DateTimeFormat(locale(), /** @type {Intl.DateTimeFormatOptions} */ (options));
    return parts.format(date).replaceAll(",", "");
  };
  const away = Math.abs(moment.getTime() - now.getTime());
  if (away < DAY_MS && day(moment) === day(now)) return word(MOMENTS.today, time);
  const yesterday = new Date(now.getTime() - DAY_MS);
  if (away < 2 * DAY_MS && day(moment) === day(yesterday)) return word(MOMENTS.yesterday, time);
  return word(MOMENTS.on, day(moment), time);
}

/**
 * @param {Date} moment
 * @param {string} [timeZone]
 * @param {Intl.DateTimeFormatOptions} [more] such as seconds
 * @returns {string} as 14:02
 */
export function clockTime(moment, timeZone, more = {}) {
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more };
  return new Intl.DateTimeFormat(locale(), options).format(moment);
}

/**
 * @param {number} at Unix milliseconds
 * @param {number} now
 * @param {string} [timeZone]
 * @returns {string} as 14:02 (5 min ago)
 */
export function ago(at, now, timeZone) {
  const minutes = Math.floor(Math.max(now - at, 0) / 60_000);
  const time = clockTime(new Date(at), timeZone);
  if (minutes < 1) return time;
  if (minutes < 120) return word(MOMENTS.minutes_ago, time, minutes);
  return word(MOMENTS.hours_ago, time, Math.floor(minutes / 60));
}

/** Lines of opening hours, as a programme writes them, read as `app/communities/hours.py` does. */

/**
 * From the first minute to the first one after, counted from a day's midnight.
 * @typedef {{begins: number, ends: number}} Span
 */

/**
 * Lines as they were read: spans by weekday (Monday is 0), and by day, counted from 1970-01-01.
 * @typedef {{weekly: [number, Span][], dated: [number, Span][]}} Lines
 */

/** A line says no hours. */
export class HoursUnreadable extends Error {}

export const FULL_DAY = 24 * 60;

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
export const WEEK = DAYS.length;
const DAY = DAYS.join("|");
const LINE = new RegExp(
  `^(?:(?<date>\\d{4}-\\d\\d-\\d\\d)|(?<first>${DAY})(?:-(?<last>${DAY}))?)`
    + "(?: (?<from>[0-2]\\d:[0-5]\\d)-(?<until>[0-2]\\d:[0-5]\\d))?$",
);
const DAY_MS = FULL_DAY * 60_000;

/**
 * @param {string[]} texts
 * @returns {Lines}
 * @throws {HoursUnreadable} with the line that cannot be read
 */
export function read(texts) {
  /** @type {Lines} */
  const lines = { weekly: [], dated: [] };
  for (const text of texts) {
    const found = LINE.exec(text.trim())?.groups;
    if (found === undefined) throw new HoursUnreadable(`“${text}” says no hours`);
    const span = spanOf(text, found);
    if (found.date !== undefined) lines.dated.push([dateOf(text, found.date), span]);
    else for (const day of weekdays(found)) lines.weekly.push([day, span]);
  }
  return lines;
}

/**
 * @param {string} text
 * @param {Record<string, string | undefined>} found
 * @returns {Span}
 */
function spanOf(text, { from, until }) {
  if (from === undefined || until === undefined) return { begins: 0, ends: FULL_DAY };
  const [begins, ends] = [minutes(from), minutes(until)];
  if (begins >= FULL_DAY || ends > FULL_DAY) {
    throw new HoursUnreadable(`“${text}” names an hour that no day has`);
  }
  return { begins, ends: ends > begins ? ends : ends + FULL_DAY };
}

/** @param {string} text as 14:02 */
function minutes(text) {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

/**
 * @param {string} text
 * @param {string} date
 */
function dateOf(text, date) {
  const midnight = new Date(`${date}T00:00:00Z`);
  // The thirtieth of February may be read as the second of March; no calendar has a year 0.
  const isReal = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
  const isDay = isReal && !date.startsWith("0000");
  if (!isDay) throw new HoursUnreadable(`“${text}” names a day that no calendar has`);
  return midnight.getTime() / DAY_MS;
}

/**
 * @param {Record<string, string | undefined>} found
 * @returns {number[]} Sat-Mon lasts past the week's end
 */
function weekdays({ first = "", last = first }) {
  const begins = DAYS.indexOf(first);
  const more = (DAYS.indexOf(last) - begins + WEEK) % WEEK;
  return Array.from({ length: more + 1 }, (_, ahead) => (begins + ahead) % WEEK);
}

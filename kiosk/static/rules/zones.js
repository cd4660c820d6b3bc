/** What the clocks of a time zone say, and when they say it, by `Intl`. Pure; Unix seconds. */

const DAY = 86_400;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {number} moment
 * @param {string} zone as `Europe/Berlin`
 * @returns {number} the day that it is then, counted from 1970-01-01, which is 0
 * @throws {RangeError} where this browser knows no such zone
 */
export function dayOf(moment, zone) {
  return Math.floor(reading(moment, zone) / DAY);
}

/**
 * When the clocks say this: of a time that comes twice the first one, and one that is skipped as if
 * the clocks had not been changed yet (PEP 495, as Python does).
 * @param {number} day counted from 1970-01-01
 * @param {number} minute from that day's midnight on; past 24 hours it is on the next day
 * @param {string} zone
 * @returns {number}
 * @throws {RangeError} where this browser knows no such zone
 */
export function momentOf(day, minute, zone) {
  const wanted = day * DAY + minute * 60;
  // No clock is a day off, and none is changed twice within three.
  const before = wanted - ahead(wanted - DAY, zone);
  const after = wanted - ahead(wanted + DAY, zone);
  const isAfter = reading(before, zone) !== wanted && reading(after, zone) === wanted;
  return isAfter ? after : before;
}

/**
 * @param {number} moment
 * @param {string} zone
 */
function ahead(moment, zone) {
  return reading(moment, zone) - moment;
}

/**
 * Date and time that the clocks show, as if they were those of UTC.
 * @param {number} moment
 * @param {string} zone
 */
function reading(moment, zone) {
  /** @type {Partial<Record<Intl.DateTimeFormatPartTypes, number>>} */
  const shown = {};
  for (const { type, value } of formatOf(zone).formatToParts(moment * 1000)) {
    shown[type] = Number(value);
  }
  const { year = 0, month = 0, day, hour, minute, second } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

/** @param {string} zone */
function formatOf(zone) {
  const known = formats.get(zone) ?? new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23",
    year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  });
  formats.set(zone, known);
  return known;
}

/** Vouchers' rows: as a sync tells them, as they are judged by, and as they lie on the disk. */

/** @import {Row} from "../rules/state.js" */

/** @typedef {[string, string, number, number, number]} ToldRow see docs/sync.md */

/**
 * Fifty thousand rows as a few long values: a browser reads those many times faster than objects.
 * @typedef {Object} Packed
 * @property {string} names one after the other, each as long as the others
 * @property {string[]} standings those that there are
 * @property {Float64Array} numbers five of each row
 */

const NAME_LENGTH = 16;
const NUMBERS = 5;
/** After its end a voucher is told of for a day more: a snapshot leaves it out then. */
const KEPT_SECONDS = 24 * 3600;

/**
 * @param {Map<string, Row>} vouchers changed in place
 * @param {ToldRow[]} told in the order in which they came: the last of a voucher stands
 * @param {number} sync which one they came by
 */
export function lay(vouchers, told, sync) {
  for (const [name, standing, usesLeft, validFrom, validUntil] of told) {
    vouchers.set(name, { standing, usesLeft, validFrom, validUntil, sync });
  }
}

/**
 * @param {Map<string, Row>} vouchers
 * @returns {Packed}
 */
export function pack(vouchers) {
  /** @type {Map<string, number>} */
  const standings = new Map();
  const numbers = new Float64Array(vouchers.size * NUMBERS);
  let at = 0;
  for (const { standing, usesLeft, validFrom = -Infinity, validUntil = Infinity, sync } of vouchers.values()) {
    if (!standings.has(standing)) standings.set(standing, standings.size);
    numbers.set([standings.get(standing) ?? 0, usesLeft, validFrom, validUntil, sync], at);
    at += NUMBERS;
  }
  return { names: [...vouchers.keys()].join(""), standings: [...standings.keys()], numbers };
}

/**
 * @param {Packed} packed
 * @param {number} now Unix seconds: what ended more than a day before is left out
 * @returns {Map<string, Row>}
 */
export function unpack({ names, standings, numbers }, now) {
  /** @type {Map<string, Row>} */
  const vouchers = new Map();
  for (let place = 0, at = 0; at < numbers.length; place += NAME_LENGTH, at += NUMBERS) {
    const validUntil = numbers[at + 3] ?? 0;
    if (validUntil + KEPT_SECONDS < now) continue;
    vouchers.set(names.slice(place, place + NAME_LENGTH), {
      standing: standings[numbers[at] ?? 0] ?? "void", usesLeft: numbers[at + 1] ?? 0,
      validFrom: numbers[at + 2] ?? 0, validUntil, sync: numbers[at + 4] ?? 0,
    });
  }
  return vouchers;
}

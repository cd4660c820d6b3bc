/** What a sync tells besides vouchers, and whether this browser can judge by it at all. */

import { isOpen } from "../rules/hours.js";
import { keySetFrom } from "../rules/keyset.js";

/** @import {KnownPerk, Station} from "../rules/state.js" */

/**
 * @typedef {Object} Terms
 * @property {{keys: unknown[], revoked: unknown[]}} keys
 * @property {Station} station
 * @property {Record<string, string>} stations
 * @property {Record<string, KnownPerk>} perks
 * @property {{number: number, hours: number} | null} allowance
 */

/** @typedef {"no_zone" | "unreadable"} Unfit */

/**
 * Found when it is told, and not when somebody stands there without a network.
 * @param {Terms} terms
 * @returns {Unfit | ""} why they cannot be judged by, as `words/kept.js` has it; empty where they can
 */
export function complaintAbout({ keys, station, perks }) {
  try {
    keySetFrom(keys);
    const closed = Object.values(perks).flatMap((perk) => perk.closed);
    isOpen(station.hours, [...station.closed, ...closed], station.zone, 0);
    new Intl.DateTimeFormat("en-GB", { timeZone: station.zone });
    return "";
  } catch (error) {
    return error instanceof RangeError ? "no_zone" : "unreadable";
  }
}

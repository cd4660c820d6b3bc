/** What a device knows without a network: types alone. */

/** @import {Perk} from "../contract.js" */
/** @import {HandOver} from "./memory.js" */

/**
 * What the last syncs said. A voucher without a row is fresh: it has all of its perk's uses, and
 * the window that is signed into its token.
 * @typedef {Object} State
 * @property {unknown[]} keys those of the JSON Web Key Set
 * @property {unknown[]} revoked numbers of keys
 * @property {Record<string, KnownPerk>} perks by their numbers
 * @property {Station} station where the device stands
 * @property {Record<string, string>} stations names, by key, of the other stations that stand
 * @property {Map<string, Row>} vouchers by name, see `voucher-name.js`
 */

/**
 * @typedef {Perk & {identity: boolean, minimum_age: number | null, live: boolean, offline: boolean,
 *   stations: string[] | null, closed: string[], uses: number, missed?: string, fixed_until?: string | null,
 *   withdrawn?: boolean}} KnownPerk an earlier server did not say the last three
 */

/**
 * @typedef {Object} Station
 * @property {string} key
 * @property {string} name
 * @property {string} zone as `Europe/Berlin`
 * @property {string[] | null} hours always open where null
 * @property {string[]} closed
 */

/**
 * What the last sync that spoke of a voucher said; times in Unix seconds.
 * @typedef {Object} Row
 * @property {string} standing `open`, `void`, `superseded` or `refunded`
 * @property {number} usesLeft
 * @property {number} [validFrom] the signed one unless given
 * @property {number} [validUntil]
 * @property {number} sync which sync of this device it came by, the first being 1
 */

/**
 * How many uses may still be handed out without a network, and until when, in Unix milliseconds.
 * @typedef {{left: number, until: number}} Allowance
 */

/** @typedef {{state: State, memory: readonly HandOver[], allowance: Allowance}} Known */

export {};

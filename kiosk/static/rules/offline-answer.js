/** What a device answers itself: as the server would, as far as it is known. Pure. */

import { nextOpening } from "./hours.js";
import { firstHere } from "./memory.js";
import { missedBy } from "./missed.js";
import { isLive } from "./record.js";

/** @import {Answer} from "../contract.js" */
/** @import {Judged, Wanted} from "./offline.js" */
/** @import {Known, KnownPerk, State, Station} from "./state.js" */
/** @import {Payload, Verdict, Window} from "./token.js" */

/**
 * A voucher that was shown, and what is known of it.
 * @typedef {Object} About
 * @property {Payload} payload
 * @property {string} name
 * @property {KnownPerk | undefined} perk
 * @property {Window} window unlimited where it is not known
 * @property {string} standing
 * @property {number} left uses that nobody is known to have taken
 */

/** @typedef {{age: number | null, name: boolean}} Whom how old they are at least, and who */

/**
 * What the sentence of a verdict tells: moments as RFC 3339, null where they are not known or not
 * part of it.
 * @typedef {Object} Facts
 * @property {string | null} valid_from
 * @property {string | null} valid_until
 * @property {string | null} opens when it is handed over again
 * @property {string[]} stations names of those where it can be redeemed
 * @property {number | null} uses_left
 * @property {string | null} [missed] what the member can do who came too late: `lost`, `ask`, `renew`
 * @property {Whom | null} whom what staff have to look at before they confirm it
 */

/**
 * The server's answer without its sentence, and without what is not known here: the voucher's
 * reference, whose it is, the entry in the record.
 * @typedef {Object} Decision
 * @property {string} verdict
 * @property {boolean} live
 * @property {string} message_key the server's name of the sentence (`voucher/scans/sentences.py`),
 *   and `unknown_perk` and `allowance_spent`, which only a device says
 * @property {Facts | null} facts null where nothing is known of the voucher
 * @property {Exclude<Answer["voucher"], undefined>} voucher
 * @property {null} member
 * @property {Exclude<Answer["first_redemption"], undefined>} first_redemption where it was here
 * @property {string[]} unchecked what the server would have looked at as well: `stock`, `held`
 * @property {string | null} name what the voucher is remembered by
 */

const UNCHECKED = ["stock", "held"];
/** After these something is handed over, now or next: only then it matters what is not known. */
export const LEADING_ON = ["ok", "identity_required"];
const OUTSIDE = ["not_yet_valid", "expired"];
/** Verdicts whose sentence depends on what staff do for the perk. */
const BY_KIND = ["redeemed", "already_redeemed"];
const KINDS = ["priority_entry", "early_access", "discount", "pickup"];

/**
 * @param {Verdict} verdict why what was shown is no voucher that could be judged here
 * @returns {Decision}
 */
export function refusedUnread(verdict) {
  return {
    verdict, live: false, message_key: verdict, facts: null, voucher: null, member: null,
    first_redemption: null, unchecked: [], name: null,
  };
}

/**
 * @param {Judged} judged
 * @param {About} about
 * @param {Wanted} wanted
 * @param {Known} known
 * @param {number} moment Unix milliseconds
 * @returns {Decision}
 */
export function answerFor(judged, about, { mode, uses }, { state, memory }, moment) {
  const { payload, name, perk, left } = about;
  const good = mode === "check" ? "valid" : "redeemed";
  const verdict = judged === "ok" ? good : judged;
  const remaining = verdict === "redeemed" ? left - uses : left;
  const facts = factsOf(verdict, about, remaining, state, moment);
  return {
    verdict,
    live: isLive(payload),
    message_key: keyOf(verdict, about, facts, moment),
    facts,
    voucher: perk ? voucherOf(payload.perk, perk, remaining, facts.valid_until) : null,
    member: null,
    first_redemption: verdict === "already_redeemed" ? firstOf(memory, name) : null,
    unchecked: LEADING_ON.includes(judged) ? UNCHECKED : [],
    name,
  };
}

/**
 * @param {string} verdict
 * @param {About} about
 * @param {number} remaining
 * @param {State} state
 * @param {number} moment
 * @returns {Facts}
 */
function factsOf(verdict, about, remaining, { station, stations }, moment) {
  const { perk, window } = about;
  const others = perk?.stations ?? [];
  return {
    valid_from: isoOf(window.valid_from),
    valid_until: isoOf(window.valid_until),
    opens: perk && verdict === "closed_now" ? opensAt(perk, station, moment) : null,
    stations: others.flatMap((key) => (Object.hasOwn(stations, key) ? [stations[key] ?? key] : [])),
    uses_left: perk ? remaining : null,
    missed: verdict === "expired" ? missedBy(about) : null,
    whom: perk && verdict === "identity_required" ? whomOf(perk) : null,
  };
}

/**
 * @param {KnownPerk} perk
 * @returns {Whom}
 */
function whomOf({ identity, live, minimum_age: age }) {
  return { age, name: identity || live || !age };
}

/**
 * @param {string} verdict
 * @param {About} about
 * @param {Facts} facts
 * @param {number} moment
 */
function keyOf(verdict, { payload, perk, window }, { stations }, moment) {
  const isOutside = OUTSIDE.includes(verdict);
  if (isOutside && isLive(payload) && isWithin(window, moment)) return `${verdict}_live`;
  if (verdict === "wrong_station" && stations.length === 0) return `${verdict}_nowhere`;
  const hasOwn = BY_KIND.includes(verdict) && KINDS.includes(perk?.kind ?? "");
  return hasOwn ? `${verdict}_${perk?.kind}` : verdict;
}

/**
 * Whether it is the voucher's time: what is over is then a live code's own minute.
 * @param {Window} window
 * @param {number} moment
 */
function isWithin({ valid_from: from, valid_until: until }, moment) {
  return from * 1000 <= moment && moment < until * 1000;
}

/**
 * @param {number} number
 * @param {KnownPerk} perk
 * @param {number} left
 * @param {string | null} until
 * @returns {Decision["voucher"]}
 */
function voucherOf(number, perk, left, until) {
  const { name, kind, hand_over, coupon, staff_note, identity, minimum_age } = perk;
  const shown = { number, name, kind, hand_over, coupon, staff_note, identity, minimum_age };
  return { reference: null, perk: shown, uses_left: left, valid_until: until };
}

/**
 * @param {Known["memory"]} memory
 * @param {string} name
 * @returns {Decision["first_redemption"]}
 */
function firstOf(memory, name) {
  const found = firstHere(memory, name);
  if (found === null) return null;
  const { at, station, device, operator } = found;
  return { at, station, device, operator };
}

/**
 * @param {KnownPerk} perk
 * @param {Station} station
 * @param {number} moment
 */
function opensAt(perk, { hours, closed, zone }, moment) {
  const opening = nextOpening(hours, [...closed, ...perk.closed], zone, moment / 1000);
  return opening && isoOf(opening.begins);
}

/** @param {number} seconds */
function isoOf(seconds) {
  return Number.isFinite(seconds) ? new Date(Math.round(seconds * 1000)).toISOString() : null;
}

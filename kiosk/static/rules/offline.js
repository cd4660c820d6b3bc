/**
 * What a device decides without a network, by what it last synced and by what it did itself. The
 * rules are the server's; what only the server can know is named in the answer. Pure.
 */

import { isOpen } from "./hours.js";
import { keySetFrom } from "./keyset.js";
import { usesToSubtract } from "./memory.js";
import { LEADING_ON, answerFor, refusedUnread } from "./offline-answer.js";
import { isLive, judgeRecord, judgeShown } from "./record.js";
import { OFFLINE_OK, read } from "./token.js";
import { nameOf } from "./voucher-name.js";

/** @import {Mode} from "../contract.js" */
/** @import {About, Decision} from "./offline-answer.js" */
/** @import {Asked, RecordVerdict, RecordView} from "./record.js" */
/** @import {Known, KnownPerk, Row, State, Station} from "./state.js" */
/** @import {Payload, Verdict, VerifySignature, Window} from "./token.js" */

/** @typedef {{mode: Mode, uses: number, identityConfirmed: boolean}} Wanted */

/**
 * What was shown, as the synced keys tell it.
 * @typedef {{payload: Payload, name: string} | {payload: null, verdict: Verdict}} Seen
 */

/** @typedef {RecordVerdict | "unknown_perk" | "allowance_spent"} Judged */

/**
 * Reads what was shown; nothing is said yet about time and place. A typed code is not signed, so
 * it needs the server.
 * @param {{kind: "token" | "code", text: string}} shown
 * @param {Pick<State, "keys" | "revoked">} state
 * @param {VerifySignature} verifySignature
 * @returns {Promise<Seen>}
 * @throws {KeySetUnreadable} where the synced keys are no key set
 */
export async function see({ kind, text }, state, verifySignature) {
  if (kind === "code") return { payload: null, verdict: "online_required" };
  const { verdict, payload } = await read(text, keySetFrom(state), verifySignature);
  return payload === null ? { payload, verdict } : { payload, name: await nameOf(payload.voucher) };
}

/**
 * Decides at once, waiting for nothing: what it lets hand over goes into the memory before the next
 * is decided, or two scans of one voucher would both be let through.
 * @param {Seen} seen
 * @param {Wanted} wanted
 * @param {Known} known
 * @param {number} moment by the server's clock, in Unix milliseconds: see `clock.js`
 * @returns {Decision}
 * @throws {RangeError} where this browser does not know the station's time zone
 */
export function decide(seen, wanted, known, moment) {
  if (seen.payload === null) return refusedUnread(seen.verdict);
  const { payload, name } = seen;
  const { state, memory, allowance } = known;
  const row = state.vouchers.get(name);
  const perk = state.perks[payload.perk];
  const uses = (row?.usesLeft ?? perk?.uses ?? 0) - usesToSubtract(memory, name, row);
  const about = {
    payload, name, perk, window: windowOf(payload, row), standing: row?.standing ?? "open",
    left: Math.max(uses, 0),
  };
  const asked = {
    station: state.station.key, uses: wanted.uses, now: moment / 1000,
    identity_confirmed: wanted.identityConfirmed,
  };
  const judged = judgeKnown(about, asked, state.station);
  const isSpent = wanted.uses > allowance.left || moment >= allowance.until;
  // Before staff are sent to look at an ID for nothing.
  const verdict = isSpent && LEADING_ON.includes(judged) ? "allowance_spent" : judged;
  return answerFor(verdict, about, wanted, known, moment);
}

/**
 * @param {About} about
 * @param {Asked} asked
 * @param {Station} station
 * @returns {Judged}
 */
function judgeKnown(about, asked, station) {
  const { payload, perk, window } = about;
  const refusal = judgeShown(payload, window, asked);
  if (refusal !== null) return refusal;
  if ((payload.flags & OFFLINE_OK) === 0) return "online_required";
  if (perk === undefined) return "unknown_perk";
  // The programme may have changed its mind since the token was signed.
  if (!perk.offline) return "online_required";
  return judgeRecord(viewOf(about, perk, station, asked.now), asked, isLive(payload));
}

/**
 * @param {About} about
 * @param {KnownPerk} perk
 * @param {Station} station
 * @param {number} now Unix seconds
 * @returns {RecordView} with nothing held and enough in stock: that is not known here
 */
function viewOf({ window, standing, left }, perk, station, now) {
  return {
    ...window,
    uses_left: left,
    stations: perk.stations,
    standing,
    is_open: isOpen(station.hours, [...station.closed, ...perk.closed], station.zone, now),
    held: 0,
    asks_identity: perk.identity || perk.minimum_age !== null,
    // A token asks for it by itself; this asks who typed a code.
    asks_live: false,
    in_stock: true,
  };
}

/**
 * The record's window, as far as it is known. A live token says only its own minute, which has been
 * judged: it is minted inside the voucher's window.
 * @param {Payload} payload
 * @param {Row | undefined} row
 * @returns {Window}
 */
function windowOf(payload, row) {
  const isMinute = isLive(payload);
  return {
    valid_from: row?.validFrom ?? (isMinute ? -Infinity : payload.valid_from),
    valid_until: row?.validUntil ?? (isMinute ? Infinity : payload.valid_until),
  };
}

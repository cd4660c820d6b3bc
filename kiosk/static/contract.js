/** What the server is asked, and what it answers: types alone. */

/** @typedef {"redeem" | "check"} Mode */

/**
 * @typedef {Object} Perk
 * @property {number} number
 * @property {string} name
 * @property {string} [kind]
 * @property {string | null} [hand_over] how it is handed over
 * @property {string | null} [coupon]
 * @property {string | null} [staff_note]
 * @property {boolean} [identity]
 * @property {number | null} [minimum_age]
 * @property {string | null} [picture] its address
 */

/**
 * What the sentence of an answer tells; moments as RFC 3339.
 * @typedef {Object} Facts
 * @property {string | null} [valid_from]
 * @property {string | null} [valid_until]
 * @property {string | null} [opens] when it is handed over again
 * @property {string | null} [stood_since] since when it is withdrawn, replaced or refunded
 * @property {string | null} [held_until]
 * @property {string[]} [stations] names of those where it can be redeemed
 * @property {number | null} [uses_left]
 * @property {string | null} [missed] what the member can do who came too late: `lost`, `ask`, `renew`
 * @property {{age: number | null, name: boolean} | null} [whom] what staff have to look at
 */

/**
 * @typedef {Object} Answer
 * @property {string} verdict
 * @property {boolean} [live] whether a live code was shown
 * @property {string} message the server's sentence, in English
 * @property {string} [message_key] the server's name of that sentence
 * @property {Facts | null} [facts] what the sentence tells
 * @property {number} [uses] how many it is about
 * @property {{until: string} | null} [hold] until when they are held
 * @property {string | null} [conflict] where something was handed over that the record does not accept
 * @property {{reference: string | null, sync_name?: string, perk: Perk, uses?: number, uses_left: number,
 *   valid_until: string | null} | null} [voucher] reference and end are not always known offline
 * @property {{display_name: string} | null} [member]
 * @property {{at: string, station?: string | null, device?: string | null,
 *   operator?: string | null} | null} [first_redemption]
 * @property {{operator?: string | null} | null} [scanned_by] who held the device
 * @property {number | string | null} [audit_entry]
 * @property {string} [server_time]
 * @property {number | null} [skew_ms]
 * @property {boolean} [replayed]
 * @property {string[]} [may_override] what a supervisor would have to set aside, if they may
 * @property {string | null} [replacement] the reference of what was given for what was refunded
 * @property {string | null} [owed] why nothing was given for it yet
 * @property {string | null} [rest] the reference of what was left of it
 * @property {{asOf: string, unchecked: string[], isFinal: boolean}} [own] where the device decided
 *   by itself: as of when it knows the vouchers, what nobody looked at, and whether it is decided or
 *   only the server can
 */

/**
 * @typedef {{kind: "answer", answer: Answer, waitedMs: number, attemptId: string}
 *   | {kind: "problem", status: number, sentence: string, code?: string}
 *   | {kind: "silence", reason: "timeout" | "network" | "server"}} Outcome
 */

export {};

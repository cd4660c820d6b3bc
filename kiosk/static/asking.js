/** What the server is asked about a code. */

/** @import {Mode} from "./contract.js" */
/** @import {Entry} from "./entry.js" */
/** @import {Asking} from "./offline/alone.js" */

/**
 * Whether staff have looked who it is, and after the answer to which attempt; how many uses they take.
 * @typedef {{identityConfirmed: boolean, follows?: string | null, uses?: number}} Looked
 */

/**
 * @param {string} id
 * @param {Entry} entry
 * @param {Mode} mode
 * @param {Looked} looked
 * @returns {Asking}
 */
export function askingOf(id, entry, mode, { identityConfirmed, follows = null, uses = 1 }) {
  const scan = {
    attempt_id: id,
    [entry.kind]: entry.text,
    mode,
    scanned_at: new Date().toISOString(),
    ...(uses > 1 ? { uses } : {}),
    // Staff can be asked here whether it was handed over.
    ...(mode === "redeem" ? { can_confirm: true } : {}),
    ...(identityConfirmed ? { identity_confirmed: true } : {}),
    ...(identityConfirmed && follows ? { follows } : {}),
  };
  return { id, entry, mode, uses, identityConfirmed, follows, scan, by: null };
}

/** Keeps a hand-over that the server had held something for and does not hear of. */

import { voucherOf } from "../entry.js";
import { nameOf } from "../rules/voucher-name.js";

/** @import {Answer, Outcome} from "../contract.js" */
/** @import {Alone, Asking} from "../offline/alone.js" */
/** @import {Decision} from "../rules/offline-answer.js" */

const KINDS = ["priority_entry", "early_access", "discount", "pickup"];

/**
 * It is on the disk before it is answered. No allowance is asked: the server said yes to it.
 * @param {Alone} alone
 * @param {Asking} asking as the attempt that holds was made
 * @param {Answer} held its answer
 * @returns {Promise<Outcome | null>} null where nothing can be kept: then only the server can be told
 */
export async function handedOver(alone, asking, held) {
  try {
    const voucher = voucherOf(asking.entry);
    // What a supervisor found by its member has no code here: the server said its name.
    const name = voucher === null ? held.voucher?.sync_name ?? null : await nameOf(voucher);
    const { reading, asOf } = alone.synced;
    if (!reading || name === null) return null;
    const decision = redeemed(held, name);
    await alone.keep(asking, decision, reading);
    const now = new Date(reading.moment);
    /** @type {Answer} */
    const answer = {
      ...held,
      verdict: decision.verdict,
      message: "", message_key: decision.message_key, facts: decision.facts,
      voucher: decision.voucher,
      hold: null,
      server_time: now.toISOString(),
      skew_ms: reading.judged.skew_ms,
      own: { asOf: new Date(asOf).toISOString(), unchecked: [], isFinal: true },
    };
    return { kind: "answer", answer, waitedMs: 0, attemptId: asking.id };
  } catch {
    return null;
  }
}

/**
 * @param {Answer} held
 * @param {string} name
 * @returns {Decision}
 */
function redeemed({ voucher = null, uses = 1, live = false }, name) {
  const kind = voucher?.perk.kind ?? "";
  const after = voucher && { ...voucher, uses_left: Math.max(voucher.uses_left - uses, 0) };
  return {
    verdict: "redeemed",
    live,
    message_key: KINDS.includes(kind) ? `redeemed_${kind}` : "redeemed",
    facts: {
      valid_from: null, valid_until: voucher?.valid_until ?? null, opens: null, stations: [],
      uses_left: after?.uses_left ?? null, whom: null,
    },
    voucher: after,
    member: null,
    first_redemption: null,
    unchecked: [],
    name,
  };
}

/**
 * What staff read of what a device decided by itself: the server's own words, held to
 * `voucher/scans/sentences.py` by a test. What is not known without a network is left out.
 */

import { when } from "../moments.js";

/** @import {Scene} from "../moments.js" */
/** @import {Decision} from "../rules/offline-answer.js" */

/** @type {Record<string, string>} */
export const SENTENCES = {
  redeemed: "Hand it over.",
  redeemed_priority_entry: "Let them in first.",
  redeemed_early_access: "Let them in.",
  redeemed_discount: "Give the discount: type the coupon, or show it.",
  valid: "Valid. Nothing was changed.",
  malformed: "This is not a Keepsake code. Ask for the card from the direct message.",
  unsupported_version: "This code is newer than this server. Call an organiser.",
  revoked_key: "Out-of-date card. Ask for the new one they were sent, or type its code.",
  unknown_key: "This code is not one of ours. Hand nothing over.",
  bad_signature: "This code was altered or copied badly. Hand nothing over; scan again.",
  not_yet_valid: "Too early: valid from {valid_from}.",
  expired: "Too late: it was valid until {valid_until}.",
  expired_live: "An old picture of a live code, such as a screenshot. Hand nothing over: ask for the"
    + " live code on the member's wallet page.",
  not_yet_valid_live: "A live code of a later minute: the phone's clock is ahead. Ask them to reload"
    + " their wallet page.",
  live_required: "This is a picture. Ask for the live code on the member's wallet page.",
  online_required: "This can only be checked with a network.",
  unknown_perk: "This device does not know this perk yet. It must hear from the server first.",
  allowance_spent: "This device may hand out no more by itself. It must hear from the server first.",
  void: "Withdrawn {stood_since}. An organiser can tell them why.",
  superseded: "Replaced {stood_since}. Ask for the new card: it is in their direct messages.",
  refunded: "Refunded {stood_since}. Ask for the new card: it is in their direct messages.",
  wrong_station: "Not at this station. Send them to: {stations}.",
  wrong_station_nowhere: "Not at this station, and its own is closed for good. Call an organiser.",
  closed_now: "Closed now. It is handed over again {opens}.",
  already_redeemed: "Already handed over {first}.",
  already_redeemed_priority_entry: "Already let in {first}.",
  already_redeemed_early_access: "Already let in {first}.",
  already_redeemed_discount: "Discount already given {first}.",
  identity_required: "First check {whom}. Then confirm it.",
  too_few_uses: "Only {uses_left} left on this voucher.",
};

const REFUSED = "Refused. Call an organiser.";
const NO_DAY = "on no day that is known yet";

/**
 * @param {Decision} decision
 * @param {Scene} scene
 * @returns {string}
 */
export function sentenceOf(decision, scene) {
  const { message_key: key } = decision;
  const template = (Object.hasOwn(SENTENCES, key) ? SENTENCES[key] : undefined) ?? REFUSED;
  const values = valuesOf(decision, scene);
  return template.replace(/ \{(\w+)\}/g, (_, name) => (values[name] ? ` ${values[name]}` : ""));
}

/**
 * @param {Decision} decision
 * @param {Scene} scene
 * @returns {Record<string, string>}
 */
function valuesOf({ facts, voucher, first_redemption: first }, scene) {
  const moment = (/** @type {string | null | undefined} */ at) => (at ? when(at, scene) : "–");
  const by = first?.operator ? ` by ${first.operator}` : "";
  return {
    valid_from: moment(facts?.valid_from),
    valid_until: moment(facts?.valid_until),
    opens: facts?.opens ? `from ${moment(facts.opens)} on` : NO_DAY,
    stations: facts?.stations.join(", ") || "–",
    uses_left: String(facts?.uses_left ?? "–"),
    first: first ? `${moment(first.at)} at ${first.station}, device ${first.device}${by}` : "",
    whom: whom(voucher?.perk),
  };
}

/**
 * Who it belongs to is not known without a network: only the member's own page says it.
 * @param {{identity?: boolean, minimum_age?: number | null} | undefined} perk
 */
function whom({ identity, minimum_age: age } = {}) {
  const asked = age ? [`that an ID says at least ${age}`] : [];
  if (identity || !age) asked.push("that an ID has the name on the member's wallet page");
  return asked.join(" and ");
}

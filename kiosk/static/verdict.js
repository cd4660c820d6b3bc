/**
 * Turns an outcome into what staff see: pure, so that the same answer always looks the same.
 * Tone and shape say the same as the word, for those who cannot tell the colours apart.
 */

import { when } from "./moments.js";
/** @import {Answer, Outcome} from "./scans.js" */
/** @import {Scene} from "./moments.js" */

/**
 * good: hand over. checked: fine, and nothing changed. warn: not like this or not now.
 * bad: no. unsure: nobody knows yet.
 * @typedef {"good" | "checked" | "warn" | "bad" | "unsure"} Tone
 */

/**
 * @typedef {"check" | "magnifier" | "cross" | "twice" | "clock" | "hand" | "pin" | "person"
 *   | "box" | "question"} Shape
 */

/**
 * @typedef {Object} Details
 * @property {string} action what to do with the goods
 * @property {string} perk
 * @property {string} member
 * @property {string} first when and where it was redeemed before
 * @property {string[]} notes
 * @property {string} reference
 * @property {string} clock a warning, or empty
 */

/**
 * @typedef {Object} Shown
 * @property {string} name the verdict's own name
 * @property {Tone} tone
 * @property {Shape} shape
 * @property {string} word
 * @property {string} sentence
 * @property {Details} details
 */

const HAND_OVER = "Hand over";
const NOTHING_YET = "Checked only. Nothing was redeemed.";
const HAND_NOTHING = "Hand nothing over.";
const AGAIN = "The same code again: this is the answer it already got. It was not counted twice.";
/** A live code whose minute is over: the voucher itself may be as good as ever. */
const OLD_PICTURE = "Old picture";
const SKEW_MS = 2 * 60 * 1000;

/** @type {Record<string, [Tone, Shape, string]>} */
const LOOKS = {
  redeemed: ["good", "check", "Redeemed"],
  valid: ["checked", "magnifier", "Valid"],
  malformed: ["bad", "cross", "Unreadable"],
  unsupported_version: ["bad", "cross", "Unsupported"],
  revoked_key: ["warn", "hand", "Replaced"],
  unknown_key: ["bad", "cross", "Unknown"],
  bad_signature: ["bad", "cross", "Refused"],
  not_yet_valid: ["warn", "clock", "Early"],
  expired: ["bad", "clock", "Expired"],
  live_required: ["warn", "hand", "Picture"],
  online_required: ["warn", "hand", "Offline"],
  unknown_voucher: ["bad", "cross", "Unknown"],
  unknown_perk: ["bad", "cross", "Unknown"],
  void: ["bad", "cross", "Void"],
  superseded: ["warn", "hand", "Replaced"],
  refunded: ["bad", "cross", "Refunded"],
  wrong_station: ["warn", "pin", "Elsewhere"],
  closed_now: ["warn", "clock", "Closed"],
  held: ["warn", "clock", "Held"],
  too_few_uses: ["warn", "hand", "Limit"],
  allowance_spent: ["warn", "hand", "Limit"],
  already_redeemed: ["bad", "twice", "Used"],
  identity_required: ["warn", "person", "Identity"],
  out_of_stock: ["warn", "box", "Unavailable"],
};

/** @type {[Tone, Shape, string]} */
const REFUSED = ["bad", "cross", "Refused"];
/** @type {Record<number, [Shape, string]>} */
const PROBLEMS = { 401: ["question", "Unpaired"], 429: ["clock", "Wait"] };

/** @type {Record<string, string>} */
const SILENCES = {
  timeout: "The server did not answer in time.",
  network: "The server cannot be reached.",
  server: "The server has a fault.",
};

/**
 * @param {Outcome} outcome
 * @param {Scene} scene
 * @returns {Shown}
 */
export function describe(outcome, scene) {
  if (outcome.kind === "answer") return describeAnswer(outcome.answer, outcome.waitedMs, scene);
  if (outcome.kind === "problem") {
    const [shape, word] = PROBLEMS[outcome.status] ?? ["question", "Refused"];
    return notJudged("problem", shape, word, outcome.sentence);
  }
  const again = "Try again: it is counted once, however often you ask.";
  return notJudged("no_answer", "question", "Unclear", `${SILENCES[outcome.reason]} ${again}`);
}

/**
 * @param {Answer} answer
 * @param {number} waitedMs
 * @param {Scene} scene
 * @returns {Shown}
 */
function describeAnswer(answer, waitedMs, scene) {
  // Object.hasOwn: a verdict called "constructor" must not find one.
  const known = Object.hasOwn(LOOKS, answer.verdict) ? LOOKS[answer.verdict] : undefined;
  const [tone, shape, word] = known ?? REFUSED;
  return {
    name: answer.verdict,
    tone,
    shape,
    word: isOldPicture(answer) ? OLD_PICTURE : word,
    sentence: sentence(answer, tone),
    details: {
      action: tone === "good" ? HAND_OVER : tone === "checked" ? NOTHING_YET : HAND_NOTHING,
      perk: answer.voucher?.perk?.name ?? "",
      member: answer.member?.display_name ?? "",
      first: answer.verdict === "already_redeemed" ? firstRedemption(answer, scene) : "",
      notes: notes(answer, tone, scene),
      reference: answer.voucher?.reference ?? "",
      clock: clockWarning(answer.skew_ms ?? 0, waitedMs),
    },
  };
}

/** @param {Answer} answer */
function isOldPicture({ verdict, live, voucher, server_time: now }) {
  if (verdict !== "expired" || !live) return false;
  return !voucher || !now || Date.parse(voucher.valid_until) > Date.parse(now);
}

/**
 * The answer that a code already got, for who gives it once more: a redemption must not look as if
 * there were something to hand over again.
 * @param {Shown} shown
 * @returns {Shown}
 */
export function repeated(shown) {
  const { details } = shown;
  if (shown.tone !== "good") return { ...shown, details: { ...details, notes: [...details.notes, AGAIN] } };
  const action = "Hand nothing more over.";
  return {
    ...shown, name: "repeated", tone: "warn", shape: "twice", word: "Again",
    sentence: "This code was redeemed here a moment ago. It was not counted twice.",
    details: { ...details, action },
  };
}

/**
 * What the perk's own people wrote for whoever hands it over goes before what we say to everybody.
 * @param {Answer} answer
 * @param {Tone} tone
 */
function sentence(answer, tone) {
  const own = tone === "good" ? answer.voucher?.perk?.hand_over : null;
  // Told above already, with the day and the time.
  if (answer.verdict === "already_redeemed" && answer.first_redemption) return "";
  return own || answer.message || "This voucher was refused.";
}

/**
 * @param {string} name
 * @param {Shape} shape
 * @param {string} word
 * @param {string} sentence
 * @returns {Shown}
 */
function notJudged(name, shape, word, sentence) {
  const details = { perk: "", member: "", first: "", notes: [], reference: "", clock: "" };
  const action = "Hand nothing over yet.";
  return { name, tone: "unsure", shape, word, sentence, details: { action, ...details } };
}

/**
 * @param {Answer} answer
 * @param {Scene} scene
 */
function firstRedemption(answer, scene) {
  const first = answer.first_redemption;
  if (!first) return "";
  return [
    `Redeemed ${when(first.at, scene)}`,
    first.station && ` at ${first.station}`,
    first.device && `, device ${first.device}`,
    first.operator && `, by ${first.operator}`,
  ].filter(Boolean).join("");
}

/**
 * @param {Answer} answer
 * @param {Tone} tone
 * @param {Scene} scene
 */
function notes(answer, tone, scene) {
  if (!answer.voucher || (tone !== "good" && tone !== "checked")) return [];
  const { uses_left: left, valid_until: until } = answer.voucher;
  const open = left > 0 ? [`${left} ${left === 1 ? "use" : "uses"} left`] : [];
  return open.length > 0 && until ? [...open, `valid until ${when(until, scene)}`] : open;
}

/**
 * An answer that came late makes the clock look wrong by the time it took: that is taken off.
 * @param {number} skewMs
 * @param {number} waitedMs
 */
function clockWarning(skewMs, waitedMs) {
  const off = Math.abs(skewMs) - Math.max(waitedMs, 0);
  if (off <= SKEW_MS) return "";
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  return `This device's clock is wrong by about ${minutes} minutes. Please set it.`;
}

/**
 * The whole verdict as one announcement.
 * @param {Shown} shown
 * @returns {string}
 */
export function spoken({ word, sentence, details }) {
  const goods = details.action === HAND_OVER
    ? `${HAND_OVER}: ${details.perk || "the perk"}.`
    : `${details.action} ${details.perk && `${details.perk}.`}`;
  const rest = [details.member, sentence, details.first, details.notes.join(", "), details.clock];
  return [`${word}.`, goods.trim(), ...rest.filter(Boolean).map(ended)].join(" ");
}

/** @param {string} text */
function ended(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

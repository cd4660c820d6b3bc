/** Turns an outcome into what staff see: pure, so that the same answer always looks the same. */

import { deed } from "./deeds.js";
import { isYes, lookOf, lookOfOwn, lookOfProblem } from "./looks.js";
import { when } from "./moments.js";
import { ownWord } from "./own-word.js";
import { counted } from "./goods/counted.js";
import { sentenceOf } from "./sentence.js";
import { ACTIONS, AGAIN, FIRST, NOTES, SILENCES } from "./words/answers.js";
import { word } from "./words/language.js";
import { UNDO } from "./words/undo.js";
import { WORDS } from "./words/verdicts.js";

/** @import {Answer, Outcome} from "./contract.js" */
/** @import {Scene} from "./moments.js" */
/** @import {Shape, Tone} from "./looks.js" */

/**
 * @typedef {Object} Details
 * @property {string} action what to do with the goods
 * @property {string} perk
 * @property {string} coupon what a discount is given with
 * @property {string} member
 * @property {string} first when and where it was redeemed before
 * @property {string} staff what the perk's people wrote for staff alone
 * @property {string[]} notes
 * @property {string} reference
 * @property {string} clock a warning, or empty
 * @property {string} own that the device decided by itself, by what, and what nobody looked at
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

const SKEW_MS = 2 * 60 * 1000;

/** What is for staff alone helps them to find out, too; a refusal needs no more words. */
const ASKS_OR_TELLS = ["identity_required", "valid"];

/** @type {Details} */
export const NO_DETAILS = {
  action: "", perk: "", coupon: "", member: "", first: "", staff: "", notes: [], reference: "",
  clock: "", own: "",
};

/** Their sentence is what staff do, and stands above the perk already. */
const SAID_ABOVE = ["redeemed", "redeemed_priority_entry", "redeemed_early_access"];

/**
 * @param {Outcome} outcome
 * @param {Scene} scene
 * @returns {Shown}
 */
export function describe(outcome, scene) {
  if (outcome.kind === "answer") return describeAnswer(outcome.answer, outcome.waitedMs, scene);
  if (outcome.kind === "problem") {
    const [shape, said] = lookOfProblem(outcome.status);
    return notJudged("problem", shape, said, outcome.sentence);
  }
  const silence = `${word(SILENCES[outcome.reason])} ${word(SILENCES.again)}`;
  return notJudged("no_answer", "question", word(WORDS.unclear), silence);
}

/**
 * As `describe()`, where a redemption was to be taken back: what was not undone stays redeemed.
 * @param {Outcome} outcome
 * @param {Scene} scene
 * @returns {Shown}
 */
export function describeUndo(outcome, scene) {
  if (outcome.kind === "answer") return describe(outcome, scene);
  const silent = outcome.kind === "silence";
  const sentence = silent ? `${word(SILENCES[outcome.reason])} ${word(UNDO.again)}` : outcome.sentence;
  const said = word(silent ? WORDS.unclear : WORDS.not_undone);
  const shown = notJudged(silent ? "no_answer" : "problem", "question", said, sentence);
  return { ...shown, details: { ...shown.details, action: silent ? "" : word(UNDO.stays) } };
}

/**
 * @param {Answer} answer
 * @param {number} waitedMs
 * @param {Scene} scene
 * @returns {Shown}
 */
function describeAnswer(answer, waitedMs, scene) {
  const [tone, shape, said] = answer.own ? lookOfOwn(answer.verdict) : lookOf(answer.verdict);
  const perk = answer.voucher?.perk;
  const isGood = isYes(tone);
  return {
    name: answer.verdict,
    tone,
    shape,
    // A live code whose minute is over: the voucher itself may be as good as ever.
    word: isOldPicture(answer) ? word(WORDS.old_picture) : said,
    sentence: sentence(answer, tone, scene),
    details: {
      action: action(answer, tone),
      perk: isGood && perk ? counted(answer.uses ?? 1, perk.name) : perk?.name ?? "",
      coupon: (isGood && perk?.coupon) || "",
      member: answer.member?.display_name ?? "",
      first: answer.verdict === "already_redeemed" ? firstRedemption(answer, scene) : "",
      staff: ((isGood || ASKS_OR_TELLS.includes(answer.verdict)) && perk?.staff_note) || "",
      notes: notes(answer, tone, scene),
      reference: answer.voucher?.reference ?? "",
      clock: clockWarning(answer.skew_ms ?? 0, waitedMs),
      own: ownWord(answer, tone, scene),
    },
  };
}

/**
 * @param {Answer} answer
 * @param {Tone} tone
 */
function action({ verdict, voucher }, tone) {
  if (verdict === "redeemed") return deed(voucher?.perk?.kind).redeemed;
  if (isYes(tone)) return deed(voucher?.perk?.kind).action;
  if (verdict === "identity_required") return word(ACTIONS.not_yet);
  if (verdict === "valid") return word(ACTIONS.nothing_yet);
  return tone === "checked" ? "" : word(ACTIONS.nothing);
}

/** @param {Answer} answer */
function isOldPicture({ verdict, live, voucher, server_time: now }) {
  if (verdict !== "expired" || !live) return false;
  // Without a network the voucher's own end may be unknown: only the code's minute was.
  return !voucher?.valid_until || !now || Date.parse(voucher.valid_until) > Date.parse(now);
}

/**
 * The answer that a code already got, for who gives it once more: a redemption must not look as if
 * there were something to hand over again.
 * @param {Shown} shown
 * @returns {Shown}
 */
export function repeated(shown) {
  const { details } = shown;
  if (!isYes(shown.tone)) return { ...shown, details: { ...details, notes: [...details.notes, word(AGAIN.same)] } };
  return {
    ...shown, name: "repeated", tone: "warn", shape: "twice", word: word(WORDS.again),
    sentence: word(AGAIN.redeemed), details: { ...details, action: word(ACTIONS.nothing_more) },
  };
}

/**
 * What the perk's own people wrote for whoever hands it over goes before what we say to everybody.
 * @param {Answer} answer
 * @param {Tone} tone
 * @param {Scene} scene
 */
function sentence(answer, tone, scene) {
  const own = isYes(tone) ? answer.voucher?.perk?.hand_over : null;
  // Told above already, with the day and the time.
  if (answer.verdict === "already_redeemed" && answer.first_redemption) return "";
  if (own) return own;
  return isYes(tone) && SAID_ABOVE.includes(answer.message_key ?? "") ? "" : sentenceOf(answer, scene);
}

/**
 * @param {string} name
 * @param {Shape} shape
 * @param {string} said its word
 * @param {string} sentence
 * @returns {Shown}
 */
function notJudged(name, shape, said, sentence) {
  const details = { ...NO_DETAILS, action: word(ACTIONS.not_yet) };
  return { name, tone: "unsure", shape, word: said, sentence, details };
}

/**
 * @param {Answer} answer
 * @param {Scene} scene
 */
function firstRedemption(answer, scene) {
  const first = answer.first_redemption;
  if (!first) return "";
  return [
    word(FIRST.redeemed, when(first.at, scene)),
    first.station && word(FIRST.at, first.station),
    first.device && word(FIRST.on, first.device),
    first.operator && word(FIRST.by, first.operator),
  ].filter(Boolean).join("");
}

/**
 * @param {Answer} answer
 * @param {Tone} tone
 * @param {Scene} scene
 */
function notes(answer, tone, scene) {
  if (!answer.voucher || (!isYes(tone) && tone !== "checked")) return [];
  const { uses_left: left, valid_until: until } = answer.voucher;
  const open = left > 0 ? [word(NOTES.uses_left, left)] : [];
  return open.length > 0 && until ? [...open, word(NOTES.valid_until, when(until, scene))] : open;
}

/**
 * An answer that came late makes the clock look wrong by the time it took: that is taken off.
 * @param {number} skewMs
 * @param {number} waitedMs
 */
function clockWarning(skewMs, waitedMs) {
  const off = Math.abs(skewMs) - Math.max(waitedMs, 0);
  if (off <= SKEW_MS) return "";
  return word(NOTES.clock, Math.round(Math.abs(skewMs) / 60_000));
}

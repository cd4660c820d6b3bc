/**
 * The sentence of an answer in the language that is spoken: by the server's name of it and the facts in
 * it, the same whether the server judged or the device did. Pure.
 */

import { clockTime, when } from "./moments.js";
import { PARTS } from "./words/facts.js";
import { word } from "./words/language.js";
import { MISSED, REFUSED } from "./words/refusals.js";
import { SENTENCES } from "./words/sentences.js";

/** @import {Answer, Facts} from "./contract.js" */
/** @import {Scene} from "./moments.js" */

/**
 * @param {Pick<Answer, "message" | "message_key" | "facts" | "member">} answer
 * @param {Scene} scene
 * @returns {string} the server's own words where it says what this page does not know
 */
export function sentenceOf({ message, message_key: key = "", facts, member }, scene) {
  const said = Object.hasOwn(SENTENCES, key) ? SENTENCES[key] : undefined;
  if (!said) return message || word(REFUSED);
  const values = valuesOf(facts ?? {}, member?.display_name, scene);
  return word(said).replace(/ \{(\w+)\}/g, (_, name) => (values[name] ? ` ${values[name]}` : ""));
}

/**
 * @param {Facts} facts
 * @param {string | undefined} member
 * @param {Scene} scene
 * @returns {Record<string, string>} what is not known is left out, or a dash where it cannot be
 */
function valuesOf(facts, member, scene) {
  const moment = (/** @type {string | null | undefined} */ at) => (at ? when(at, scene) : "–");
  const missed = Object.hasOwn(MISSED, facts.missed ?? "") ? MISSED[facts.missed ?? ""] : undefined;
  const { opens, stood_since: since, held_until: held } = facts;
  return {
    valid_from: moment(facts.valid_from),
    valid_until: moment(facts.valid_until),
    stood_since: since ? moment(since) : "",
    held_until: held ? clockTime(new Date(held), scene.timeZone, { second: "2-digit" }) : "–",
    opens: opens ? word(PARTS.opens, moment(opens)) : word(PARTS.no_day),
    stations: facts.stations?.join(", ") || "–",
    uses_left: String(facts.uses_left ?? "–"),
    missed: missed ? word(missed) : "",
    whom: facts.whom ? whom(facts.whom, member) : "–",
  };
}

/**
 * Who it belongs to is not known without a network: only the member's own page says it.
 * @param {{age: number | null, name: boolean}} asked
 * @param {string} [member]
 */
function whom({ age, name }, member) {
  const asked = age ? [word(PARTS.age, age)] : [];
  if (name) asked.push(member ? word(PARTS.member, member) : word(PARTS.own_page));
  return asked.join(word(PARTS.and));
}

/**
 * The language that a device speaks to its staff. What is said lies beside this file, by subject, in
 * all languages at once: whoever changes a sentence sees its translations.
 */

/** @typedef {"en" | "de" | "es"} Language */

/**
 * One thing that is said. A function where something goes into the sentence.
 * @template {unknown[]} Values
 * @typedef {Record<Language, string | ((...values: Values) => string)>} Said
 */

/**
 * Languages by their own names, as people look for them.
 * @type {Record<Language, string>}
 */
export const LANGUAGES = { en: "English", de: "Deutsch", es: "Español" };

/** Day before month, and a clock of 24 hours, in each. @type {Record<Language, string>} */
const LOCALES = { en: "en-GB", de: "de-DE", es: "es-ES" };

const KEPT = "keepsake.language";

/** @type {Language} */
let spoken = "en";

/**
 * @param {string} tag
 * @returns {tag is Language}
 */
function isSpoken(tag) {
  return Object.hasOwn(LANGUAGES, tag);
}

/** @returns {Language} */
export function language() {
  return spoken;
}

/** @returns {string} for Intl */
export function locale() {
  return LOCALES[spoken];
}

/**
 * The language that was chosen on this device, else the first of the browser's that we speak.
 * @param {string | null} chosen
 * @param {readonly string[]} wanted as the browser's, such as de-AT
 * @returns {Language}
 */
export function pick(chosen, wanted) {
  const tags = [chosen ?? "", ...wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "")];
  return tags.find(isSpoken) ?? "en";
}

/** Speaks as this device was told to. For pages: call it before anything is said. */
export function speakAsChosen() {
  spoken = pick(localStorage.getItem(KEPT), navigator.languages);
}

/**
 * From now on, and after a reload.
 * @param {Language} chosen
 */
export function choose(chosen) {
  localStorage.setItem(KEPT, chosen);
  spoken = chosen;
}

/**
 * For tests, and for pages that keep nothing.
 * @param {Language} chosen
 */
export function speak(chosen) {
  spoken = chosen;
}

/**
 * @template {unknown[]} Values
 * @param {Said<Values>} said
 * @param {Values} values
 * @returns {string} in the language that is spoken now
 */
export function word(said, ...values) {
  const it = said[spoken];
  return typeof it === "function" ? it(...values) : it;
}

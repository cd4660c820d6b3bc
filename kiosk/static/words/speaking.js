/** Says the page's texts, and says them anew as soon as another language is chosen. */

import { choose, language, speakAsChosen, word } from "./language.js";
import { TEMPLATES } from "./templates.js";

/** @import {Language, Said} from "./language.js" */

/** What is drawn again in another language, by where it stands. @type {Map<Element, () => void>} */
const drawn = new Map();

/**
 * Draws something with words in it now, and again in each language that is chosen; what was to be
 * drawn there before is forgotten.
 * @param {Element} target
 * @param {() => void} draw
 */
export function keepSaying(target, draw) {
  for (const known of drawn.keys()) if (!known.isConnected) drawn.delete(known);
  drawn.set(target, draw);
  draw();
}

/** Speaks as this device was told to, and lets staff choose where a page asks. For pages: call it first. */
export function speakHere() {
  speakAsChosen();
  const chooser = document.querySelector(".languages select");
  if (chooser instanceof HTMLSelectElement) letChoose(chooser);
  sayAll();
}

/** @param {HTMLSelectElement} chooser */
function letChoose(chooser) {
  chooser.value = language();
  chooser.addEventListener("change", () => {
    choose(/** @type {Language} */ (chooser.value));
    sayAll();
  });
  // It does nothing where there is no script.
  chooser.closest("nav")?.removeAttribute("hidden");
}

function sayAll() {
  document.documentElement.lang = language();
  fill(document);
  for (const draw of drawn.values()) draw();
}

/**
 * Puts the words into what the template marks: `data-word` names the text, `data-word-label` the
 * accessible name, `data-word-with` is the value in the sentence.
 * @param {ParentNode} root
 */
export function fill(root) {
  for (const target of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-word]"))) {
    const { word: name = "", wordWith } = target.dataset;
    // What organisers named has no marks in it.
    target.replaceChildren(...(wordWith === undefined ? marked(said(name)) : [said(name, wordWith)]));
  }
  for (const target of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-word-label]"))) {
    target.setAttribute("aria-label", said(target.dataset.wordLabel ?? ""));
  }
}

/**
 * @param {string} name as desk.go
 * @param {string} [value]
 */
function said(name, value = "") {
  const [subject = "", which = ""] = name.split(".");
  const found = /** @type {Said<[string]> | undefined} */ (TEMPLATES[subject]?.[which]);
  if (!found) throw new Error(`${name} is no word`);
  return word(found, value);
}

/**
 * @param {string} text in which a `*` stands around what is strong, a `|` around what is typed
 * @returns {(string | HTMLElement)[]}
 */
function marked(text) {
  return text.split(/(\*[^*]+\*|\|[^|]+\|)/).map((part) => {
    const kind = part.startsWith("*") ? "strong" : "code";
    const inner = /^([*|])(.+)\1$/s.exec(part)?.[2];
    if (inner === undefined) return part;
    return Object.assign(document.createElement(kind), { textContent: inner });
  });
}

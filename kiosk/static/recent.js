/** The last scans of this page, newest first. They are forgotten with it. */

import { drawing, element } from "./elements.js";
import { clockTime } from "./moments.js";
import { RECENT } from "./words/answers.js";
import { word } from "./words/language.js";
import { HOLDER } from "./words/sign-in.js";
import { keepSaying } from "./words/speaking.js";
import { UNDO } from "./words/undo.js";

/** @import {Entry} from "./entry.js" */
/** @import {Scene} from "./moments.js" */
/** @import {Shown} from "./verdict.js" */

const KEPT = 10;

/**
 * @typedef {Object} Undoing
 * @property {string} attemptId
 * @property {number} forMs how long it can be undone
 * @property {() => void} ask
 */

/**
 * @param {() => Shown} describe
 * @param {Entry} entry
 * @param {Scene} scene
 * @param {Undoing | null} undoing where it can be taken back
 * @param {string} [by] who held the device
 */
export function remember(describe, entry, scene, undoing, by = "") {
  const list = element("recent", HTMLOListElement);
  element("recent-none", HTMLElement).hidden = true;
  const item = document.createElement("li");
  const button = undoing && undoButton(undoing);
  keepSaying(item, () => {
    const shown = describe();
    draw(item, shown, entry, scene, by);
    if (button?.dataset.undoes) item.append(named(button, shown));
  });
  list.prepend(item);
  while (list.children.length > KEPT) list.lastElementChild?.remove();
}

/**
 * @param {HTMLLIElement} item
 * @param {Shown} shown
 * @param {Entry} entry
 * @param {Scene} scene
 * @param {string} by
 */
function draw(item, { tone, shape, word: verdict, details }, entry, { now, timeZone }, by) {
  item.dataset.tone = tone;
  const time = document.createElement("time");
  time.dateTime = now.toISOString();
  time.textContent = clockTime(now, timeZone);
  const subject = details.perk || word(entry.kind === "code" ? RECENT.code : RECENT.qr);
  const lines = document.createElement("div");
  const rest = line("recent-rest", details.member && `${details.member} `);
  const reference = document.createElement("span");
  reference.textContent = details.reference;
  rest.append(reference);
  lines.append(line("recent-main", `${verdict} – ${subject}`), rest);
  if (by) lines.append(line("recent-rest", word(HOLDER.by, by)));
  item.replaceChildren(drawing(shape), lines, time);
}

/**
 * It was undone: there is nothing left to take back.
 * @param {string} attemptId
 */
export function forgetUndo(attemptId) {
  const list = element("recent", HTMLOListElement);
  const button = /** @type {HTMLElement | null} */ (list.querySelector(`[data-undoes="${attemptId}"]`));
  if (button) forget(button);
}

/** @param {Undoing} undoing */
function undoButton({ attemptId, forMs, ask }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.dataset.undoes = attemptId;
  button.addEventListener("click", ask);
  setTimeout(() => forget(button), forMs);
  return button;
}

/** @param {HTMLElement} button that is not offered any more, in no language */
function forget(button) {
  delete button.dataset.undoes;
  button.remove();
}

/**
 * @param {HTMLButtonElement} button
 * @param {Shown} shown
 */
function named(button, { details }) {
  button.textContent = word(UNDO.undo);
  button.setAttribute("aria-label", word(UNDO.undo_it, `${details.perk} ${details.reference}`.trim()));
  return button;
}

/**
 * @param {string} kind
 * @param {string} text
 */
function line(kind, text) {
  const part = document.createElement("p");
  part.className = kind;
  part.textContent = text;
  return part;
}

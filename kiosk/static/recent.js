/** The last scans of this page, newest first. They are forgotten with it. */

import { drawing, element } from "./elements.js";
import { clockTime } from "./moments.js";
import { word as say } from "./words/language.js";
import { HOLDER } from "./words/sign-in.js";

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
 * @param {Shown} shown
 * @param {Entry} entry
 * @param {Scene} scene
 * @param {Undoing | null} undoing where it can be taken back
 * @param {string} [by] who held the device
 */
export function remember(shown, entry, scene, undoing, by = "") {
  const list = element("recent", HTMLOListElement);
  element("recent-none", HTMLElement).hidden = true;
  const item = row(shown, entry, scene, by);
  if (undoing) item.append(undoButton(shown, undoing));
  list.prepend(item);
  while (list.children.length > KEPT) list.lastElementChild?.remove();
}

/**
 * @param {Shown} shown
 * @param {Entry} entry
 * @param {Scene} scene
 * @param {string} by
 */
function row({ tone, shape, word, details }, entry, { now, timeZone }, by) {
  const item = document.createElement("li");
  item.dataset.tone = tone;
  const time = document.createElement("time");
  time.dateTime = now.toISOString();
  time.textContent = clockTime(now, timeZone);
  const subject = details.perk || (entry.kind === "code" ? "Typed code" : "QR code");
  const lines = document.createElement("div");
  const rest = line("recent-rest", details.member && `${details.member} `);
  const reference = document.createElement("span");
  reference.textContent = details.reference;
  rest.append(reference);
  lines.append(line("recent-main", `${word} – ${subject}`), rest);
  if (by) lines.append(line("recent-rest", say(HOLDER.by, by)));
  item.append(drawing(shape), lines, time);
  return item;
}

/**
 * It was undone: there is nothing left to take back.
 * @param {string} attemptId
 */
export function forgetUndo(attemptId) {
  element("recent", HTMLOListElement).querySelector(`[data-undoes="${attemptId}"]`)?.remove();
}

/**
 * @param {Shown} shown
 * @param {Undoing} undoing
 */
function undoButton({ details }, { attemptId, forMs, ask }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.dataset.undoes = attemptId;
  button.textContent = "Undo";
  button.setAttribute("aria-label", `Undo ${details.perk} ${details.reference}`.trim());
  button.addEventListener("click", ask);
  setTimeout(() => button.remove(), forMs);
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

/** The last scans of this page, newest first. They are forgotten with it. */

import { drawing, element } from "./elements.js";
import { clockTime } from "./moments.js";

/** @import {Entry} from "./entry.js" */
/** @import {Scene} from "./moments.js" */
/** @import {Shown} from "./verdict.js" */

const KEPT = 10;

/**
 * @param {Shown} shown
 * @param {Entry} entry
 * @param {Scene} scene
 */
export function remember(shown, entry, scene) {
  const list = element("recent", HTMLOListElement);
  element("recent-none", HTMLElement).hidden = true;
  list.prepend(row(shown, entry, scene));
  while (list.children.length > KEPT) list.lastElementChild?.remove();
}

/**
 * @param {Shown} shown
 * @param {Entry} entry
 * @param {Scene} scene
 */
function row({ tone, shape, word, details }, entry, { now, timeZone }) {
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
  item.append(drawing(shape), lines, time);
  return item;
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

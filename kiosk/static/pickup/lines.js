/** An order's lines, large: the shelf to fetch from, what it is, and how many of it are there. */

import { word } from "../words/language.js";
import { ORDER } from "../words/pickup.js";
import { thing } from "./choice.js";

/** @import {Line, Order, Ticks} from "./choice.js" */

/**
 * Draws lines of which `most` can be ticked; `ticks` is changed as staff tap.
 * @param {HTMLElement} list
 * @param {Order} order
 * @param {Ticks} most
 * @param {Ticks} ticks
 * @param {() => void} onChange
 */
export function drawLines(list, order, most, ticks, onChange) {
  list.replaceChildren(...order.lines.map((line) => {
    const row = document.createElement("li");
    const able = most.get(line.line) ?? 0;
    row.append(shelf(line), what(line, able));
    if (able > 0) row.append(...ticking(line, able, ticks, onChange));
    return row;
  }));
}

/** @param {Line} line */
function shelf({ shelf: name, left, not_found: missing }) {
  const box = text("span", name && left + missing > 0 ? name : "–", "pickup-shelf");
  if ((name ?? "").length > 3) box.classList.add("pickup-shelf-long");
  return box;
}

/**
 * @param {Line} line
 * @param {number} able
 */
function what(line, able) {
  const box = document.createElement("div");
  box.className = "pickup-line";
  box.append(text("p", `${able || line.quantity} × ${thing(line)}`, "pickup-thing"));
  const said = [
    line.collected && word(ORDER.collected, line.collected),
    line.returned && word(ORDER.returned, line.returned),
    line.not_found && word(ORDER.notFound, line.not_found),
  ].filter((part) => typeof part === "string");
  if (said.length) box.append(text("p", said.join(", "), "quiet"));
  return box;
}

/**
 * A box to tick where there is one of it; where there are several, how many as well.
 * @param {Line} line
 * @param {number} able
 * @param {Ticks} ticks
 * @param {() => void} onChange
 * @returns {HTMLElement[]}
 */
function ticking(line, able, ticks, onChange) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.setAttribute("aria-label", `${able} × ${thing(line)}`);
  label.className = "pickup-tick";
  label.append(box);
  const shown = text("output", "", "pickup-count");
  const set = (/** @type {number} */ count) => {
    ticks.set(line.line, count);
    box.checked = count > 0;
    box.indeterminate = count > 0 && count < able;
    shown.textContent = `${count}/${able}`;
  };
  set(ticks.get(line.line) ?? 0);
  box.addEventListener("change", () => {
    set(box.checked ? able : 0);
    onChange();
  });
  if (able === 1) return [label];
  const step = (/** @type {number} */ by) => {
    set(Math.min(able, Math.max(0, (ticks.get(line.line) ?? 0) + by)));
    onChange();
  };
  const counter = document.createElement("div");
  counter.className = "pickup-counter";
  const fewer = stepper("−", word(ORDER.fewer, thing(line)), () => step(-1));
  counter.append(fewer, shown, stepper("+", word(ORDER.more, thing(line)), () => step(1)));
  return [label, counter];
}

/**
 * @param {string} sign
 * @param {string} name
 * @param {() => void} onClick
 */
function stepper(sign, name, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = sign;
  button.setAttribute("aria-label", name);
  button.addEventListener("click", onClick);
  return button;
}

/**
 * @param {string} tag
 * @param {string} words
 * @param {string} name its class
 */
export function text(tag, words, name) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = words;
  return made;
}

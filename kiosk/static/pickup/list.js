/** The list of what lies here. */

import { element, say } from "../elements.js";
import { language, word } from "../words/language.js";
import { keepSaying } from "../words/speaking.js";
import { GROUPS, LIST, STATES } from "../words/pickup.js";
import { shelves, summary } from "./choice.js";
import { text } from "./lines.js";

/** @import {Order} from "./choice.js" */
/** @import {Said} from "../words/language.js" */

const CANCELLED = /** @type {Said<[]>} */ (STATES.cancelled);

export class List {
  /**
   * @param {Object} told
   * @param {(order: Order) => void} told.onOpen
   * @param {(group: string) => void} told.onGroup
   */
  constructor({ onOpen, onGroup }) {
    this.onOpen = onOpen;
    this.list = element("list", HTMLElement);
    this.title = element("list-title", HTMLElement);
    this.groups = element("groups", HTMLElement);
    /** What is drawn, so that nothing is drawn anew where nothing changed. */
    this.drawn = "";
    this.groups.append(...Object.keys(GROUPS).map((group) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button";
      made.dataset.group = group;
      made.addEventListener("click", () => onGroup(group));
      return made;
    }));
    for (const made of this.groups.querySelectorAll("button")) {
      keepSaying(made, () => say(made, word(/** @type {Said<[]>} */ (GROUPS[made.dataset.group ?? ""]))));
    }
  }

  /**
   * @param {readonly Order[]} orders
   * @param {Object} how
   * @param {string} how.title
   * @param {string | null} how.group null where they are not all of a group
   * @param {string} how.none
   * @param {number} how.total
   */
  draw(orders, { title, group, none, total }) {
    const fresh = JSON.stringify([language(), orders, title, group, none, total]);
    if (fresh === this.drawn) return;
    this.drawn = fresh;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.order : "";
    this.title.textContent = title;
    for (const each of this.groups.children) {
      each.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (each).dataset.group === group));
    }
    this.list.replaceChildren(...orders.map((order) => this.row(order)));
    if (focused) this.focus(focused);
    say(element("list-none", HTMLElement), orders.length ? "" : none);
    const isCut = orders.length < total && orders.length > 0;
    say(element("list-more", HTMLElement), isCut ? word(LIST.some, orders.length, total) : "");
  }

  /** @param {string} orderId */
  focus(orderId) {
    const row = /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-order="${orderId}"]`));
    row?.focus();
    return row !== null;
  }

  /** @param {Order} order */
  row(order) {
    const item = document.createElement("li");
    const row = document.createElement("button");
    row.type = "button";
    row.className = "pickup-row";
    row.dataset.order = order.id;
    const isOff = order.state === "cancelled";
    const shelf = text("span", shelves(order) || "–", "pickup-shelf");
    if (shelves(order).length > 3) shelf.classList.add("pickup-shelf-long");
    row.append(
      shelf,
      text("span", order.member.display_name, "pickup-name"),
      text("span", order.number, "pickup-number"),
      text("span", `${isOff ? `${word(CANCELLED)} · ` : ""}${order.perk.name}: ${summary(order)}`, "pickup-what"),
    );
    row.addEventListener("click", () => this.onOpen(order));
    item.append(row);
    return item;
  }
}

/** What staff are asked before something is told to others: each answers with null where they go back. */

import { element, whenClosed } from "../elements.js";
import { word } from "../words/language.js";
import { REASONS } from "../words/pickup.js";
import { all, count, inWords, parts } from "./choice.js";
import { drawLines } from "./lines.js";

/** @import {Order, Part} from "./choice.js" */

/** @typedef {{some: Part[], reason: string}} Return */

export class Questions {
  constructor() {
    this.missing = new Question("missing");
    this.returning = new Question("returning");
    this.shelving = new Question("shelving");
    /** @type {Part[]} */
    this.coming = [];
    element("missing-do", HTMLButtonElement).addEventListener("click", () => this.missing.answer(true));
    element("returning-reasons", HTMLElement).append(...this.reasons());
    element("shelving-form", HTMLFormElement).addEventListener("submit", () => {
      const shelf = element("shelving-shelf", HTMLInputElement).value.trim();
      if (shelf) this.shelving.answer(shelf);
    });
  }

  /**
   * Whether these are not there.
   * @param {Order} order
   * @param {Part[]} some
   */
  askMissing(order, some) {
    element("missing-what", HTMLElement).textContent = inWords(order, some);
    return this.missing.ask();
  }

  /**
   * What comes back, and why.
   * @param {Order} order
   * @returns {Promise<Return | null>}
   */
  async askReturn(order) {
    const most = new Map(all(order).map(({ line, quantity }) => [line, quantity]));
    const ticks = new Map(most);
    const shown = { ...order, lines: order.lines.filter(({ line }) => most.has(line)) };
    const list = element("returning-lines", HTMLElement);
    const heard = () => {
      this.coming = parts(ticks);
      for (const one of element("returning-reasons", HTMLElement).querySelectorAll("button")) {
        one.disabled = count(this.coming) === 0;
      }
    };
    drawLines(list, shown, most, ticks, heard);
    heard();
    const reason = await this.returning.ask();
    return typeof reason === "string" ? { some: this.coming, reason } : null;
  }

  /** @returns {Promise<string | null>} where it lies */
  async askShelf() {
    const field = element("shelving-shelf", HTMLInputElement);
    field.value = "";
    const asking = this.shelving.ask();
    field.focus();
    const shelf = await asking;
    return typeof shelf === "string" ? shelf : null;
  }

  reasons() {
    return Object.entries(REASONS).map(([reason, said]) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button";
      made.textContent = word(said);
      made.addEventListener("click", () => this.returning.answer(reason));
      return made;
    });
  }
}

class Question {
  /** @param {string} id of its dialog */
  constructor(id) {
    this.dialog = element(id, HTMLDialogElement);
    /** @type {(given: string | true | null) => void} */
    this.settle = () => {};
    whenClosed(this.dialog, () => this.settle(null));
    this.dialog.querySelector("[data-back]")?.addEventListener("click", () => this.dialog.close());
  }

  /** @returns {Promise<string | true | null>} */
  ask() {
    this.settle(null);
    if (!this.dialog.open) this.dialog.showModal();
    return new Promise((settle) => {
      this.settle = settle;
    });
  }

  /** @param {string | true} given */
  answer(given) {
    this.settle(given);
    this.dialog.close();
  }
}

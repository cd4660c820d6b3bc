/** How many more of a voucher's uses are taken at once: chosen with two taps, sent with a third. */

import { element } from "../elements.js";
import { GOODS } from "../words/goods.js";
import { word } from "../words/language.js";

export class Chooser {
  /** @param {HTMLButtonElement} button that takes them */
  constructor(button) {
    this.button = button;
    this.fewer = element("more-fewer", HTMLButtonElement);
    this.further = element("more-further", HTMLButtonElement);
    this.count = 1;
    this.left = 0;
    this.fewer.addEventListener("click", (event) => this.step(event, -1));
    this.further.addEventListener("click", (event) => this.step(event, 1));
  }

  /** @param {number} left uses of the voucher on the screen; 0 where none can be taken */
  begin(left) {
    [this.count, this.left] = [1, left];
    for (const each of [this.fewer, this.further]) each.hidden = left < 2;
    this.fewer.setAttribute("aria-label", word(GOODS.fewer));
    this.further.setAttribute("aria-label", word(GOODS.further));
    this.draw();
  }

  /**
   * @param {Event} event
   * @param {number} by
   */
  step(event, by) {
    event.stopPropagation();
    this.count = stepped(this.count, by, this.left);
    this.draw();
    element("announcement", HTMLElement).textContent = this.button.textContent;
  }

  draw() {
    if (this.left > 0) this.button.textContent = word(GOODS.more, this.count, this.left);
    // Not disabled: that would take the focus away from who steps by keys.
    this.fewer.setAttribute("aria-disabled", String(this.count <= 1));
    this.further.setAttribute("aria-disabled", String(this.count >= this.left));
  }
}

/**
 * @param {number} count
 * @param {number} by
 * @param {number} left
 */
export function stepped(count, by, left) {
  return Math.min(Math.max(count + by, 1), Math.max(left, 1));
}

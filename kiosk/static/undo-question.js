/** Asks once whether a redemption is taken back, and why. */

import { element, say } from "./elements.js";
import { REASONS } from "./steps.js";

/** @import {Shown} from "./verdict.js" */

export class UndoQuestion {
  constructor() {
    this.dialog = element("undo", HTMLDialogElement);
    this.about = element("undo-about", HTMLElement);
    /** @type {(reason: string | null) => void} */
    this.settle = () => {};
    const reasons = element("undo-reasons", HTMLElement);
    reasons.append(...REASONS.map((reason) => this.button(reason)));
    element("undo-keep", HTMLButtonElement).addEventListener("click", () => this.cancel());
    this.dialog.addEventListener("close", () => this.settle(null));
  }

  get isOpen() {
    return this.dialog.open;
  }

  /**
   * @param {Shown} shown what would be taken back
   * @returns {Promise<string | null>} the reason; null where it stays redeemed
   */
  ask({ details }) {
    this.settle(null);
    say(this.about, [details.perk, details.member && `for ${details.member}`].filter(Boolean).join(" "));
    if (!this.isOpen) this.dialog.showModal();
    return new Promise((settle) => {
      this.settle = settle;
    });
  }

  cancel() {
    this.dialog.close();
  }

  /** @param {string} reason */
  button(reason) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = reason;
    button.addEventListener("click", () => {
      this.settle(reason);
      this.dialog.close();
    });
    return button;
  }
}

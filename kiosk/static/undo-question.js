/** Asks once whether a redemption is taken back, and why. */

import { element, say, whenClosed } from "./elements.js";
import { word } from "./words/language.js";
import { SCREEN } from "./words/screen.js";
import { REASONS } from "./words/undo.js";

/** @import {Shown} from "./verdict.js" */
/** @import {Said} from "./words/language.js" */

export class UndoQuestion {
  constructor() {
    this.dialog = element("undo", HTMLDialogElement);
    this.about = element("undo-about", HTMLElement);
    /** @type {(reason: string | null) => void} */
    this.settle = () => {};
    this.reasons = element("undo-reasons", HTMLElement);
    element("undo-keep", HTMLButtonElement).addEventListener("click", () => this.cancel());
    whenClosed(this.dialog, () => this.settle(null));
  }

  get isOpen() {
    return this.dialog.open;
  }

  /**
   * @param {Shown} shown what would be taken back
   * @returns {Promise<string | null>} the reason, in English; null where it stays redeemed
   */
  ask({ details }) {
    this.settle(null);
    const member = details.member && word(SCREEN.for, details.member);
    say(this.about, [details.perk, member].filter(Boolean).join(" "));
    this.reasons.replaceChildren(...REASONS.map((reason) => this.button(reason)));
    if (!this.isOpen) this.dialog.showModal();
    return new Promise((settle) => {
      this.settle = settle;
    });
  }

  cancel() {
    this.dialog.close();
  }

  /** @param {Said<[]>} reason */
  button(reason) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = word(reason);
    button.addEventListener("click", () => {
      this.settle(String(reason.en));
      this.dialog.close();
    });
    return button;
  }
}

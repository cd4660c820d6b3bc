/** What the answer shows beside its words: what is handed over, how many, and who should stand there. */

import { element } from "../elements.js";
import { isYes } from "../looks.js";
import { Chooser } from "./chooser.js";
import { Pictures } from "./pictures.js";
import { Whom } from "./whom.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Shown} from "../verdict.js" */

/** Before something is handed over it helps, too, to know what and to whom. */
const LEADS_ON = ["identity_required", "live_required", "hold_over"];

export class Goods {
  constructor() {
    this.pictures = new Pictures();
    this.whom = new Whom();
    this.image = element("verdict-picture", HTMLImageElement);
    this.image.addEventListener("error", () => { this.image.hidden = true; });
    const button = document.querySelector('button[data-step="one_more"]');
    this.chooser = new Chooser(/** @type {HTMLButtonElement} */ (button));
  }

  /** How many uses staff want to take. */
  get count() {
    return this.chooser.count;
  }

  clear() {
    this.image.hidden = true;
    this.chooser.begin(0);
    this.whom.clear();
  }

  /**
   * @param {Outcome} outcome
   * @param {Shown} shown
   */
  show(outcome, { name, tone, details }) {
    this.clear();
    if (outcome.kind !== "answer" || !(isYes(tone) || tone === "checked" || LEADS_ON.includes(name))) return;
    const { voucher, own } = outcome.answer;
    const address = this.pictures.address(voucher?.perk.number);
    if (address) {
      this.image.src = address;
      this.image.hidden = false;
    }
    this.chooser.begin(this.chooser.button.hidden ? 0 : voucher?.uses_left ?? 0);
    this.whom.show(details.member, own ? null : outcome.attemptId);
  }
}

/** Why something is decided: a few to choose from, or somebody's own words. */

import { word } from "../words/language.js";
import { CHOICES } from "../words/supervisor.js";
import { labelled, make } from "./make.js";

/** @import {Said} from "../words/language.js" */

const OWN = "own";

export class Reason {
  /**
   * @param {string} id of what it stands in
   * @param {Said<[]>[]} reasons
   * @param {Said<[]>} [question]
   */
  constructor(id, reasons, question = CHOICES.why) {
    this.choice = make("select", { id: `${id}-why` });
    const said = reasons.map((reason) => make("option", { value: word(reason) }, word(reason)));
    this.choice.append(...said, make("option", { value: OWN }, word(CHOICES.other)));
    this.own = make("input", { id: `${id}-words`, autocomplete: "off", maxLength: 500 });
    this.ownField = labelled(word(CHOICES.own_words), this.own);
    this.root = make("div", { className: "supervisor-why" }, labelled(word(question), this.choice), this.ownField);
    this.choice.addEventListener("change", () => this.draw());
    this.draw();
  }

  draw() {
    const isOwn = this.choice.value === OWN;
    this.ownField.hidden = !isOwn;
    if (isOwn && this.root.isConnected) this.own.focus();
  }

  /** @returns {string} empty where none was given */
  get text() {
    return this.choice.value === OWN ? this.own.value.trim() : this.choice.value;
  }
}

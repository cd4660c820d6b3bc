/** Draws what the sign-in asks. */

import { element, say } from "../elements.js";
import { word } from "../words/language.js";
import { SIGN_IN } from "../words/sign-in.js";
import { roleWord } from "./sentences.js";

/** @import {Admitted} from "./holding.js" */

/** @typedef {[string, () => void]} Action */

/**
 * @typedef {Object} Step
 * @property {string} title
 * @property {string} [about]
 * @property {Admitted[]} [people] to choose from
 * @property {boolean} [isPad] digits are asked for
 * @property {Action[]} [actions]
 */

export class Sheet {
  /**
   * @param {Object} told
   * @param {(operator: Admitted) => void} told.onChoose
   * @param {(operator: Admitted) => boolean} told.needsNetwork
   */
  constructor({ onChoose, needsNetwork }) {
    this.onChoose = onChoose;
    this.needsNetwork = needsNetwork;
    this.dialog = element("sign-in", HTMLDialogElement);
    this.title = element("sign-in-title", HTMLElement);
    this.people = element("sign-in-people", HTMLElement);
    this.actions = element("sign-in-actions", HTMLElement);
    this.closer = element("sign-in-close", HTMLButtonElement);
    this.closer.addEventListener("click", () => this.dialog.close());
  }

  open() {
    this.closer.setAttribute("aria-label", word(SIGN_IN.close));
    this.dialog.showModal();
  }

  /**
   * @param {Step} step
   * @param {string} warning
   * @param {string | null} holderId
   */
  lay({ title, about = "", people = [], actions = [] }, warning, holderId) {
    this.title.textContent = title;
    say(element("sign-in-about", HTMLElement), about);
    say(element("sign-in-waiting", HTMLElement), warning);
    this.complain("");
    this.people.replaceChildren(...people.map((operator) => this.person(operator, operator.id === holderId)));
    this.people.hidden = people.length === 0;
    this.actions.replaceChildren(...actions.map(([text, onClick]) => button(text, onClick)));
    this.dialog.scrollTop = 0;
  }

  /** @param {string} sentence */
  complain(sentence) {
    say(element("sign-in-complaint", HTMLElement), sentence);
  }

  /** Where nothing is typed the first choice has the focus. */
  focus() {
    /** @type {HTMLElement | null} */
    const first = this.dialog.querySelector("#sign-in-people button, #sign-in-actions button");
    (first ?? this.closer).focus();
  }

  /**
   * @param {Admitted} operator
   * @param {boolean} isHolder
   */
  person(operator, isHolder) {
    const made = button("", () => this.onChoose(operator));
    const who = document.createElement("strong"), more = document.createElement("span");
    who.textContent = isHolder ? `✓ ${operator.name}` : operator.name;
    const { noPinYet, onlyOnline } = SIGN_IN;
    more.textContent = [
      roleWord(operator.role),
      operator.has_pin ? "" : word(noPinYet),
      this.needsNetwork(operator) ? word(onlyOnline) : "",
    ].filter(Boolean).join(", ");
    made.append(who, more);
    return made;
  }
}

/**
 * @param {string} text
 * @param {() => void} onClick
 */
function button(text, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", onClick);
  return made;
}

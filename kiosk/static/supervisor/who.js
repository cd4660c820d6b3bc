/** Who decides: the supervisor that holds the device, or one who gives their PIN for this alone. */

import { word } from "../words/language.js";
import { REFUSALS, SUPERVISOR } from "../words/supervisor.js";
import { labelled, make } from "./make.js";

/** @import {Named, Operator} from "./server.js" */

const PIN = /^[0-9]{6}$/;

export class Who {
  /**
   * @param {string} id of what it stands in
   * @param {Operator[]} supervisors who have a PIN
   * @param {Operator | null} holder where it is a supervisor
   */
  constructor(id, supervisors, holder) {
    this.holder = holder;
    this.supervisors = supervisors;
    this.choice = make("select", { id: `${id}-who` });
    this.choice.append(...supervisors.map(({ id: value, name }) => make("option", { value }, name)));
    this.pin = make("input", {
      id: `${id}-pin`, type: "password", inputMode: "numeric", autocomplete: "off", maxLength: 6, required: true,
    });
    const hint = make("p", { className: "quiet", id: `${id}-pin-hint` }, word(SUPERVISOR.once));
    this.pin.setAttribute("aria-describedby", hint.id);
    this.root = make("div", { className: "supervisor-who" });
    if (holder) this.root.append(make("p", {}, word(SUPERVISOR.as, holder.name)));
    else {
      this.root.append(
        labelled(word(SUPERVISOR.who), this.choice), labelled(word(SUPERVISOR.pin), this.pin), hint,
      );
    }
  }

  /** @returns {Named | string} who it is, or what is missing */
  read() {
    if (this.holder) return { id: this.holder.id, name: this.holder.name, pin: null };
    const pin = this.pin.value.trim();
    const chosen = this.supervisors.find(({ id }) => id === this.choice.value);
    if (!chosen || !PIN.test(pin)) return word(REFUSALS.unprocessable_sign_in);
    return { id: chosen.id, name: chosen.name, pin };
  }

  /** The PIN was wrong, or is over: it has to be given again. */
  again() {
    this.pin.value = "";
    if (!this.holder) this.pin.focus();
  }
}

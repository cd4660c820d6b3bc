/** The dialog in which somebody takes the device, passes it on, or leaves it. */

import { word } from "../words/language.js";
import { REFUSED, SIGN_IN } from "../words/sign-in.js";
import { PinPad } from "./pin-pad.js";
import { sentenceOf } from "./sentences.js";
import { Sheet } from "./sheet.js";

/** @import {Admitted} from "./holding.js" */
/** @import {Operators, SignedIn} from "./operators.js" */
/** @import {Step} from "./sheet.js" */

/**
 * @typedef {Object} Opening
 * @property {string} [why] what they are told first
 * @property {string | null} [who] whose PIN is asked for at once, by id
 * @property {boolean} [isHurried] a scan waits for it: nothing else is asked
 */

export class SignIn {
  /**
   * @param {Object} parts
   * @param {Operators} parts.operators
   * @param {() => string} parts.waiting what waits to be sent, in a sentence; empty for nothing
   * @param {() => boolean} parts.isLost whether the server is out of reach
   * @param {string} [parts.timeZone] of the station
   */
  constructor({ operators, waiting, isLost, timeZone }) {
    this.operators = operators;
    this.waiting = waiting;
    this.isLost = isLost;
    this.timeZone = timeZone;
    this.sheet = new Sheet({
      onChoose: (operator) => this.choose(operator),
      needsNetwork: (operator) => operator.has_pin && isLost() && !operators.pins?.knows(operator),
    });
    this.dialog = this.sheet.dialog;
    this.isHurried = false;
    /** @type {(pin: string) => void} */
    this.onPin = () => {};
    this.pad = new PinPad({
      onPin: (pin) => this.onPin(pin),
      onCode: () => this.complain(word(REFUSED.code)),
      onKey: () => this.complain(""),
    });
    /** @type {Promise<boolean> | null} */
    this.done = null;
    document.addEventListener("keydown", (event) => this.isOpen && this.pad.press(event), { capture: true });
  }

  get isOpen() {
    return this.dialog.open;
  }

  /**
   * @param {Opening} [opening]
   * @returns {Promise<boolean>} once it is closed: whether another one holds the device, or nobody
   */
  open({ why = "", who = null, isHurried = false } = {}) {
    if (this.done) return this.done;
    const before = this.operators.held;
    this.isHurried = isHurried;
    this.sheet.open();
    const { roster } = this.operators.known;
    const only = roster.length === 1 && !this.operators.holder ? roster[0] : undefined;
    const operator = roster.find(({ id }) => id === who) ?? only;
    if (operator?.has_pin) this.askPin(operator, why);
    else this.askWho(why);
    this.done = new Promise((resolve) => {
      this.dialog.addEventListener("close", () => {
        this.pad.close();
        this.done = null;
        resolve(this.operators.held !== before);
      }, { once: true });
    });
    return this.done;
  }

  /** @param {string} [why] */
  askWho(why = "") {
    const { operators } = this, { holder } = operators, { roster } = operators.known;
    /** @type {[string, () => void][]} */
    const actions = [];
    const own = roster.find(({ id }) => id === holder?.id);
    if (own?.has_pin && !this.isLost()) actions.push([word(SIGN_IN.chooseNew), () => this.askOldPin(own)]);
    if (holder) actions.push([word(SIGN_IN.signOut), () => this.leave()]);
    const title = holder ? word(SIGN_IN.holds, holder.name) : word(SIGN_IN.who);
    const nobody = roster.length === 0 ? word(SIGN_IN.noOne) : "";
    const isElse = holder && roster.length > 1 ? word(SIGN_IN.change) : "";
    this.lay({ title, about: [why, nobody || isElse].filter(Boolean).join("\n"), people: roster, actions });
  }

  /**
   * @param {Admitted} operator
   * @param {string} [why]
   */
  askPin(operator, why = "") {
    this.onPin = (pin) => this.signIn(operator, pin, false);
    const about = why || (this.isLost() ? word(SIGN_IN.steward) : "");
    this.lay({ title: word(SIGN_IN.pin, operator.name), about, isPad: true, actions: [this.back] });
  }

  /** @param {Admitted} operator who wants another one */
  askOldPin(operator) {
    this.onPin = (pin) => this.signIn(operator, pin, true);
    this.lay({ title: word(SIGN_IN.oldPin, operator.name), isPad: true, actions: [this.back] });
  }

  /** @returns {[string, () => void]} */
  get back() {
    return [word(SIGN_IN.back), () => this.askWho()];
  }

  /**
   * @param {Admitted} operator
   * @param {string} pin
   * @param {boolean} wantsAnother
   */
  async signIn(operator, pin, wantsAnother) {
    const told = await this.operators.signIn(operator.id, pin);
    if (told.kind !== "in") return this.refuse(told);
    const isFirst = told.operator !== null && this.operators.isAskedForNewPin(told.operator) && !this.isHurried;
    if (told.operator && (wantsAnother || isFirst)) this.askNewPin(told.operator, pin, isFirst);
    else this.dialog.close();
  }

  /**
   * @param {Admitted} operator
   * @param {string} pin the one that stands
   * @param {boolean} isFirst
   */
  askNewPin(operator, pin, isFirst) {
    this.onPin = (newPin) => this.askOnceMore(operator, pin, newPin, isFirst);
    const keep = () => {
      if (isFirst) this.operators.decline(operator);
      this.dialog.close();
    };
    const { newPin, newPinWhy, keepPin } = SIGN_IN;
    this.lay({ title: word(newPin), about: word(newPinWhy), isPad: true, actions: [[word(keepPin), keep]] });
  }

  /**
   * @param {Admitted} operator
   * @param {string} pin
   * @param {string} newPin
   * @param {boolean} isFirst
   */
  askOnceMore(operator, pin, newPin, isFirst) {
    /** @param {string} sentence */
    const startOver = (sentence) => {
      this.askNewPin(operator, pin, isFirst);
      this.complain(sentence);
    };
    this.onPin = async (again) => {
      if (again !== newPin) return startOver(word(REFUSED.differs));
      const told = await this.operators.signIn(operator.id, pin, newPin);
      if (told.kind === "in") this.dialog.close();
      else if (told.kind === "weak") startOver(word(REFUSED.weak));
      else this.refuse(told);
    };
    const back = () => this.askNewPin(operator, pin, isFirst);
    this.lay({ title: word(SIGN_IN.newPinAgain), isPad: true, actions: [[word(SIGN_IN.back), back]] });
  }

  /** What waits keeps its name, and goes up by itself: they are told before they leave. */
  leave() {
    const signOut = () => {
      this.operators.signOut();
      this.dialog.close();
    };
    const about = this.waiting();
    if (!about) return signOut();
    const title = word(SIGN_IN.signOut);
    this.lay({ title, about, actions: [[word(SIGN_IN.signOutAnyway), signOut], this.back] });
  }

  /** @param {SignedIn} told */
  refuse(told) {
    this.pad.restart();
    this.complain(sentenceOf(told, this.timeZone));
  }

  /** @param {string} sentence */
  complain(sentence) {
    this.sheet.complain(sentence);
  }

  /** @param {Step} step */
  lay(step) {
    const { holder } = this.operators;
    this.sheet.lay(step, step.people && holder ? this.waiting() : "", holder?.id ?? null);
    if (step.isPad) this.pad.open(step.title);
    else this.pad.close();
    if (!step.isPad) this.sheet.focus();
  }

  /** @param {Admitted} operator */
  choose(operator) {
    if (operator.has_pin) return this.askPin(operator);
    this.operators.vouch(operator);
    this.dialog.close();
  }
}

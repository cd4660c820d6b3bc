/** Six digits on large keys, or on a keyboard. */

import { element } from "../elements.js";
import { word } from "../words/language.js";
import { SIGN_IN } from "../words/sign-in.js";
import { LENGTH, PinKeys, QUIET_MS } from "./pin-keys.js";

export class PinPad {
  /**
   * @param {Object} told
   * @param {(pin: string) => void} told.onPin six digits
   * @param {() => void} told.onCode a hand scanner typed here
   * @param {() => void} told.onKey whatever is complained of is being mended
   */
  constructor({ onPin, onCode, onKey }) {
    this.onPin = onPin;
    this.onCode = onCode;
    this.onKey = onKey;
    this.keys = new PinKeys();
    this.timer = 0;
    this.isBusy = false;
    this.root = element("pin-pad", HTMLElement);
    this.dots = element("pin-dots", HTMLElement);
    this.buttons = element("pin-keys", HTMLElement);
    for (const digit of "123456789") this.button(digit, () => this.tap(digit));
    this.words = {
      clear: this.button("", () => this.edit(() => this.keys.clear())),
      zero: this.button("0", () => this.tap("0")),
      erase: this.button("⌫", () => this.edit(() => this.keys.erase())),
    };
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** @param {string} label what is asked for */
  open(label) {
    this.root.hidden = false;
    this.root.setAttribute("aria-label", label);
    this.words.clear.textContent = word(SIGN_IN.clear);
    this.words.erase.setAttribute("aria-label", word(SIGN_IN.erase));
    this.keys = new PinKeys();
    this.restart();
  }

  close() {
    clearTimeout(this.timer);
    this.wait(false);
    this.keys.clear();
    this.root.hidden = true;
  }

  /** What was typed is gone, and something else can be. */
  restart() {
    clearTimeout(this.timer);
    this.wait(false);
    this.keys.clear();
    this.draw();
    this.root.focus({ preventScroll: true });
  }

  /** @param {boolean} isBusy what was typed is being looked at */
  wait(isBusy) {
    this.isBusy = isBusy;
    this.root.setAttribute("aria-busy", String(isBusy));
  }

  /**
   * A key while the dialog is open, also where no digits are asked for: the line end of a hand scanner
   * must not press a button there.
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isControl = event.target instanceof HTMLButtonElement && [" ", "Enter"].includes(event.key);
    if (isControl && !this.keys.isCode) return;
    clearTimeout(this.timer);
    if (this.isBusy) return;
    const heard = this.keys.type(event.key, performance.now());
    if (event.key.length === 1 || heard === "code") event.preventDefault();
    if (!this.isOpen) return;
    if (heard === "code") this.onCode();
    else if (heard === "digit" || event.key === "Backspace") this.onKey();
    this.draw();
    // A seventh key that follows at once makes it a code, and no guess.
    if (this.keys.isWhole) this.timer = setTimeout(() => this.give(), QUIET_MS);
  }

  /** @param {string} digit */
  tap(digit) {
    this.edit(() => this.keys.tap(digit));
    if (this.keys.isWhole && !this.isBusy) this.give();
  }

  /** @param {() => void} change */
  edit(change) {
    if (this.isBusy) return;
    clearTimeout(this.timer);
    change();
    this.onKey();
    this.draw();
  }

  give() {
    this.wait(true);
    this.onPin(this.keys.digits);
  }

  draw() {
    const { length } = this.keys.digits;
    this.dots.setAttribute("aria-label", word(SIGN_IN.digits, length));
    this.dots.replaceChildren(...Array.from({ length: LENGTH }, (_, at) => {
      const dot = document.createElement("span");
      dot.className = at < length ? "pin-dot pin-dot-full" : "pin-dot";
      return dot;
    }));
  }

  /**
   * @param {string} text
   * @param {() => void} onClick
   */
  button(text, onClick) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = text;
    button.addEventListener("click", onClick);
    this.buttons.append(button);
    return button;
  }
}

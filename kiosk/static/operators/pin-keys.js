/**
 * Digits of a PIN as they are typed: by fingers, by a keyboard, or, as nobody means it, by a hand
 * scanner that reads a code. Pure: the time comes in, in milliseconds.
 */

export const LENGTH = 6;
/** Between two keys of a hand scanner there is less. */
export const QUIET_MS = 150;

/** @typedef {"digit" | "code" | "none"} Heard code: a hand scanner has begun, and it was no PIN */

export class PinKeys {
  constructor() {
    this.digits = "";
    this.isCode = false;
    this.typedAt = -Infinity;
  }

  get isWhole() {
    return this.digits.length === LENGTH;
  }

  clear() {
    this.digits = "";
  }

  erase() {
    this.digits = this.digits.slice(0, -1);
  }

  /** A large key on the screen. @param {string} digit */
  tap(digit) {
    if (!this.isWhole) this.digits += digit;
  }

  /**
   * A key of a keyboard.
   * @param {string} key as the browser names it
   * @param {number} now
   * @returns {Heard}
   */
  type(key, now) {
    const isSoon = now - this.typedAt < QUIET_MS;
    this.isCode = this.isCode && isSoon;
    if (key.length !== 1 || key === " ") {
      // The line end of a hand scanner belongs to its code.
      if (key === "Backspace") this.erase();
      return this.isCode && key === "Enter" ? "code" : "none";
    }
    this.typedAt = now;
    const isDigit = key >= "0" && key <= "9";
    if (this.isCode || !isDigit || (this.isWhole && isSoon)) {
      this.isCode = true;
      this.clear();
      return "code";
    }
    this.tap(key);
    return "digit";
  }
}

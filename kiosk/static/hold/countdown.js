/** Shows how long something is still held, and says when that is over. */

import { element, say } from "../elements.js";
import { HOLD } from "../words/hold.js";
import { word } from "../words/language.js";
import { HELD_MS, minutes } from "./held.js";

const TICK_MS = 250;
const SOON_MS = 30_000;

export class Countdown {
  /** @param {() => void} onOver */
  constructor(onOver) {
    this.onOver = onOver;
    this.root = element("verdict-hold", HTMLElement);
    this.text = element("verdict-hold-text", HTMLElement);
    this.bar = element("verdict-hold-bar", HTMLProgressElement);
    this.note = element("verdict-hold-note", HTMLElement);
    this.timer = 0;
    this.isSoon = false;
  }

  /** @param {number} until as performance.now() has it */
  start(until) {
    this.stop();
    this.isSoon = false;
    this.root.hidden = false;
    this.draw(until);
    this.timer = setInterval(() => this.draw(until), TICK_MS);
  }

  stop() {
    clearInterval(this.timer);
    this.root.hidden = true;
    say(this.note, "");
  }

  /** Something else wants the screen: staff have to answer first. */
  insist() {
    say(this.note, word(HOLD.first));
  }

  /** @param {number} until */
  draw(until) {
    const left = until - performance.now();
    if (left <= 0) {
      this.stop();
      this.onOver();
      return;
    }
    const text = word(HOLD.left, minutes(left));
    if (this.text.textContent !== text) this.text.textContent = text;
    this.bar.value = left / HELD_MS;
    this.root.dataset.soon = String(left <= SOON_MS);
    if (left > SOON_MS || this.isSoon) return;
    this.isSoon = true;
    element("announcement", HTMLElement).textContent = word(HOLD.soonOver, Math.ceil(left / 1000));
  }
}

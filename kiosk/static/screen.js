/** The full-screen answer. */

import { element, say } from "./elements.js";
import { spoken } from "./spoken.js";
import { NO_DETAILS } from "./verdict.js";
import { word as inWords } from "./words/language.js";
import { SCREEN } from "./words/screen.js";
import { WORDS } from "./words/verdicts.js";

/** @import {Offer, Step} from "./steps.js" */
/** @import {Shown} from "./verdict.js" */

/** An answer within this time needs no waiting screen, which would only flicker. */
const PATIENCE_MS = 300;

/** A key or a tap this soon was meant for what was there before. */
const TOO_SOON_MS = 250;

export class Screen {
  /**
   * @param {Object} told
   * @param {() => void} told.onDismiss
   * @param {(step: Step) => void} told.onStep
   * @param {() => boolean} told.isBusy somebody types: covering the field would cut the text
   */
  constructor({ onDismiss, onStep, isBusy }) {
    this.onDismiss = onDismiss;
    this.isBusy = isBusy;
    this.root = element("verdict", HTMLElement);
    this.desk = element("desk", HTMLElement);
    this.body = element("verdict-body", HTMLElement);
    this.word = element("verdict-word", HTMLElement);
    this.announcement = element("announcement", HTMLElement);
    this.nextButton = element("verdict-next", HTMLButtonElement);
    /** @type {NodeListOf<HTMLButtonElement>} */
    this.stepButtons = this.root.querySelectorAll("button[data-step]");
    this.isQuestion = false;
    this.changedAt = 0;
    this.timer = 0;
    /** @type {Element | null} */
    this.focusBefore = null;

    for (const button of this.stepButtons) {
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        if (!this.isTooSoon()) onStep(/** @type {Step} */ (button.dataset.step));
      });
    }
    this.root.addEventListener("click", (event) => this.tapped(event));
    this.root.addEventListener("keydown", (event) => this.pressed(event));
    addEventListener("resize", () => this.isOpen && this.fit());
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** Whether staff are asked something that takes its time. */
  get holds() {
    return this.isOpen && this.isQuestion;
  }

  /** Whether nothing goes on before staff chose a step. */
  get mustDecide() {
    return this.isOpen && this.nextButton.hidden;
  }

  /** @param {Event} event */
  tapped(event) {
    // Who taps beside a question's button has not answered it.
    if (!this.isQuestion || event.target === this.nextButton) this.dismiss();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "Escape") this.dismiss();
    // A key held down, and the second line end of a hand scanner, repeat on the new button.
    if (event.key !== "Enter") return;
    if (event.repeat || this.isTooSoon()) event.preventDefault();
    else if (!(event.target instanceof HTMLButtonElement) && !this.isQuestion) this.dismiss();
  }

  wait() {
    clearTimeout(this.timer);
    // What is on the screen belongs to the code before: it must not be taken for this one's.
    if (this.isOpen) this.drawWaiting();
    else this.timer = setTimeout(() => this.waitLonger(), PATIENCE_MS);
  }

  waitLonger() {
    if (this.isBusy()) this.wait();
    else this.drawWaiting();
  }

  drawWaiting() {
    this.draw({
      name: "", tone: "unsure", shape: "clock", word: inWords(WORDS.asking),
      sentence: inWords(SCREEN.waiting), details: NO_DETAILS,
    });
    this.root.dataset.waiting = "true";
    delete this.root.dataset.verdict;
    this.open();
  }

  /** @param {string} sentence */
  stillWaiting(sentence) {
    if (this.root.dataset.waiting !== "true") return;
    say(element("verdict-sentence", HTMLElement), sentence);
    this.announcement.textContent = sentence;
  }

  /**
   * @param {Shown} shown
   * @param {Offer} offer
   */
  show(shown, offer) {
    clearTimeout(this.timer);
    this.draw(shown);
    this.lay(offer);
    delete this.root.dataset.waiting;
    this.root.dataset.verdict = shown.name;
    this.announcement.textContent = spoken(shown);
    this.open();
  }

  /** @param {Offer} offer */
  lay({ steps, next, holds }) {
    this.isQuestion = holds;
    say(this.nextButton, next);
    for (const button of this.stepButtons) {
      say(button, steps[/** @type {Step} */ (button.dataset.step)] ?? "");
    }
  }

  /** @param {Shown} shown */
  draw({ tone, shape, word, sentence, details }) {
    this.root.dataset.tone = tone;
    element("verdict-use", SVGUseElement).setAttribute("href", `#shape-${shape}`);
    this.lay({ steps: {}, next: inWords(SCREEN.next), holds: false });
    say(this.word, word);
    const notes = [details.notes.join(" · "), details.reference].filter(Boolean).join("\n");
    const texts = {
      action: details.action, perk: details.perk, coupon: details.coupon, member: details.member && inWords(SCREEN.for, details.member),
      first: details.first, sentence, staff: details.staff, notes, clock: details.clock,
      own: details.own,
    };
    for (const [part, text] of Object.entries(texts)) {
      say(element(`verdict-${part}`, HTMLElement), text);
    }
  }

  open() {
    this.changedAt = performance.now();
    if (!this.isOpen) this.focusBefore = document.activeElement;
    this.root.hidden = false;
    this.fit();
    this.body.scrollTop = 0;
    this.desk.inert = true;
    // Never the button that hands over: a key that was meant for something else would press it.
    const again = [...this.stepButtons].find(({ dataset, hidden }) => dataset.step === "again" && !hidden);
    const calm = this.mustDecide ? this.root : this.nextButton;
    (again ?? calm).focus({ preventScroll: true });
  }

  /** Makes the word as large as the screen is wide: how wide it is depends on the device's font. */
  fit() {
    this.root.style.setProperty("--fit", "1");
    const { clientWidth, scrollWidth } = this.word;
    this.root.style.setProperty("--fit", String(Math.min(1, clientWidth / scrollWidth)));
    // What is longer than the screen can be scrolled by keys as well.
    const { scrollHeight, clientHeight } = this.body;
    if (scrollHeight > clientHeight) this.body.tabIndex = 0;
    else this.body.removeAttribute("tabindex");
  }

  isTooSoon() {
    return performance.now() - this.changedAt < TOO_SOON_MS;
  }

  /** @param {{forced?: boolean}} [how] */
  dismiss({ forced = false } = {}) {
    if (!this.isOpen || this.mustDecide || (this.isTooSoon() && !forced)) return;
    clearTimeout(this.timer);
    this.root.hidden = true;
    delete this.root.dataset.verdict;
    delete this.root.dataset.waiting;
    this.desk.inert = false;
    this.announcement.textContent = "";
    if (this.focusBefore instanceof HTMLElement) this.focusBefore.focus({ preventScroll: true });
    this.onDismiss();
  }
}

/** The screen of one order: what to fetch from which shelf, and what was done with it. */

import { drawing, element, say } from "../elements.js";
import { word } from "../words/language.js";
import { LIST, NETWORK, ORDER, PAGE, STATES } from "../words/pickup.js";
import * as choice from "./choice.js";
import { drawLines } from "./lines.js";
import { problem } from "./problem.js";
import { Questions } from "./questions.js";

/** @import {Order, Part, Ticks} from "./choice.js" */
/** @import {Deeds, Kind, Outcome} from "./deeds.js" */

/** @typedef {"good" | "warn" | "bad" | "unsure"} Tone */

/** @type {Record<Tone, string>} */
const SHAPES = { good: "check", warn: "hand", bad: "cross", unsure: "clock" };

export class OrderScreen {
  /**
   * @param {Object} parts
   * @param {Deeds} parts.deeds
   * @param {() => string | null} parts.operator who holds the device
   * @param {(tone: Tone) => void} parts.onTold
   * @param {(order: Order) => void} parts.onChanged
   * @param {() => void} parts.onClosed
   */
  constructor({ deeds, operator, onTold, onChanged, onClosed }) {
    this.deeds = deeds;
    this.operator = operator;
    this.onTold = onTold;
    this.onChanged = onChanged;
    /** @type {Order | null} */
    this.order = null;
    /** @type {Ticks} */
    this.ticks = new Map();
    this.isBusy = false;
    this.questions = new Questions();
    this.dialog = element("order", HTMLDialogElement);
    this.said = element("order-said", HTMLElement);
    this.looked = element("order-looked", HTMLInputElement);
    this.collect = button("do-collect", () => this.handOver());
    this.miss = button("do-not-found", () => this.askMissing());
    this.shelve = button("do-shelf", () => this.askShelf());
    this.giveBack = button("do-return", () => this.askReturn());
    this.closing = button("order-close", () => this.dialog.close());
    this.looked.addEventListener("change", () => this.drawButtons());
    this.dialog.addEventListener("close", () => onClosed());
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** @param {Order} order */
  open(order) {
    this.looked.checked = false;
    this.tell(null);
    this.show(order);
    const words = this.deeds.needsSignIn(order.id) ? NETWORK.keptForSignIn : NETWORK.noAnswer;
    if (this.deeds.waitsFor(order.id)) this.tell("unsure", word(words));
    if (!this.isOpen) this.dialog.showModal();
    element("order-title", HTMLElement).focus();
  }

  /** @param {Order} order as it stands now */
  show(order) {
    this.order = order;
    this.ticks = choice.start(order);
    const { perk, member } = order;
    element("order-title", HTMLElement).textContent = perk.name;
    const state = STATES[order.state];
    element("order-number", HTMLElement).textContent =
      `${word(LIST.order, order.number)}${state ? ` · ${word(state)}` : ""}`;
    element("order-member", HTMLElement).textContent = word(LIST.forWhom, member.display_name);
    say(element("order-note", HTMLElement), perk.staff_note ?? "");
    const most = choice.able(order);
    const several = [...most.values()].filter((count) => count > 0).length > 1;
    say(element("order-tick", HTMLElement), several ? word(ORDER.tick) : "");
    drawLines(element("order-lines", HTMLElement), order, most, this.ticks, () => this.drawButtons());
    const { minimum_age: age } = perk;
    element("order-whom", HTMLElement).textContent =
      age ? word(ORDER.ofAge, member.display_name, age) : word(ORDER.thisIs, member.display_name);
    element("order-identity", HTMLElement).hidden = !perk.asks_identity || !choice.canHandOver(order);
    this.drawButtons();
  }

  drawButtons() {
    const { order } = this;
    if (!order) return;
    const isHeld = this.isBusy || this.deeds.waitsFor(order.id);
    const ticked = choice.count(choice.parts(this.ticks));
    const isUnseen = order.perk.asks_identity && !this.looked.checked;
    this.collect.textContent = word(ORDER.handOver, ticked);
    offer(this.collect, choice.canHandOver(order), isHeld || ticked === 0 || isUnseen);
    offer(this.miss, choice.canMiss(order), isHeld);
    offer(this.giveBack, choice.canReturn(order), isHeld);
    const shelving = choice.canShelve(order);
    const isAwaited = order.state === "requested";
    this.shelve.textContent = word(
      shelving === "move" ? ORDER.otherShelf : isAwaited ? ORDER.hasCome : ORDER.putOnShelf,
    );
    this.shelve.classList.toggle("button-main", isAwaited);
    offer(this.shelve, shelving !== null, isHeld);
  }

  handOver() {
    const some = choice.parts(this.ticks);
    const looked = this.looked.checked ? { identity_confirmed: true } : {};
    return this.do("collect", { lines: some, ...looked }, some);
  }

  async askMissing() {
    if (!this.order) return;
    const some = choice.missing(this.order, this.ticks);
    if (await this.questions.askMissing(this.order, some)) await this.do("not-found", { lines: some }, some);
  }

  async askReturn() {
    const coming = this.order && await this.questions.askReturn(this.order);
    if (!coming) return;
    await this.do("return", { lines: coming.some, reason: coming.reason }, coming.some);
  }

  async askShelf() {
    const shelf = await this.questions.askShelf();
    if (shelf) await this.do("shelf", { shelf }, []);
  }

  /**
   * @param {Kind} kind
   * @param {{lines?: Part[], shelf?: string, reason?: string, identity_confirmed?: boolean}} asked
   * @param {Part[]} about
   */
  async do(kind, asked, about) {
    const { order } = this;
    if (!order || this.isBusy) return;
    this.isBusy = true;
    this.drawButtons();
    this.tell("unsure", word(ORDER.asking));
    const operator = this.operator();
    const body = { ...asked, ...(operator ? { operator } : {}) };
    const outcome = await this.deeds.do(kind, order, body);
    this.isBusy = false;
    // Another order may be on the screen by now: what was done is told in the list as well.
    if (this.order?.id === order.id) this.hear(outcome, said(order, kind, about, asked.shelf));
    if (outcome.kind === "answer") this.onChanged(outcome.order);
    this.drawButtons();
  }

  /**
   * @param {Outcome} outcome
   * @param {string} sentence what was done, where it was
   */
  hear(outcome, sentence) {
    if (outcome.kind === "answer") {
      this.show(outcome.order);
      const isPart = outcome.order.state === "partly_collected";
      const isGood = outcome.order.state !== "not_found" && outcome.order.state !== "returned";
      this.tell(isGood ? "good" : "warn", isPart ? `${sentence} ${word(ORDER.rest)}` : sentence);
      this.closing.focus();
    } else if (outcome.kind === "problem") {
      const isKept = this.order && this.deeds.needsSignIn(this.order.id);
      this.tell("bad", isKept ? `${problem(outcome)} ${word(NETWORK.keptForSignIn)}` : problem(outcome));
    }
    else this.tell("unsure", word(NETWORK.noAnswer));
  }

  /**
   * @param {Tone | null} tone
   * @param {string} [sentence]
   */
  tell(tone, sentence = "") {
    this.said.hidden = tone === null;
    this.said.replaceChildren();
    if (tone === null) return;
    this.said.dataset.tone = tone;
    const words = document.createElement("p");
    words.textContent = sentence;
    this.said.append(drawing(SHAPES[tone]), words);
    if (sentence !== word(ORDER.asking)) this.onTold(tone);
  }
}

/**
 * @param {Order} order
 * @param {Kind} kind
 * @param {Part[]} about
 * @param {string} [shelf]
 * @returns {string} what was done
 */
export function said(order, kind, about, shelf = "") {
  const what = choice.inWords(order, about);
  if (kind === "collect") return word(ORDER.didCollect, what);
  if (kind === "not-found") return word(ORDER.didNotFound, what);
  if (kind === "return") return word(ORDER.didReturn, what);
  return shelf ? word(ORDER.didShelf, shelf) : word(PAGE.shelve);
}

/**
 * @param {string} id
 * @param {() => void} onClick
 */
function button(id, onClick) {
  const found = element(id, HTMLButtonElement);
  found.addEventListener("click", onClick);
  return found;
}

/**
 * @param {HTMLButtonElement} which
 * @param {boolean} isThere
 * @param {boolean} isDisabled
 */
function offer(which, isThere, isDisabled) {
  which.hidden = !isThere;
  which.disabled = isDisabled;
}

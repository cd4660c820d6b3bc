/** Tells staff what waits on this device, how old its knowledge is, and what people must look at. */

import { element, say } from "../elements.js";
import { lookOf } from "../looks.js";
import { ago, clockTime } from "../moments.js";
import { sentenceOfProblem } from "../problems.js";
import { COMPLAINTS, KEPT } from "../words/kept.js";
import { word } from "../words/language.js";
import { keepSaying } from "../words/speaking.js";
import { isConflict, isCountedForNothing } from "./items.js";

/** @import {Item} from "./items.js" */
/** @import {Standby} from "./standby.js" */
/** @import {Said} from "../words/language.js" */

const REDRAW_MS = 10_000;

export class Panel {
  /**
   * @param {Standby} standby
   * @param {string} [timeZone] of the station
   */
  constructor(standby, timeZone) {
    this.standby = standby;
    this.timeZone = timeZone;
    this.root = element("kept", HTMLElement);
    this.text = element("kept-text", HTMLElement);
    this.list = element("kept-list", HTMLElement);
    this.send = element("kept-send", HTMLButtonElement);
    this.send.addEventListener("click", () => this.sendNow());
    addEventListener("beforeunload", (event) => {
      if (this.waiting > 0) event.preventDefault();
    });
    setInterval(() => this.draw(), REDRAW_MS);
    this.isSending = false;
    keepSaying(this.root, () => this.drawAnew());
  }

  get waiting() {
    return this.standby.alone?.outbox.count.waiting ?? 0;
  }

  /** In another language. */
  drawAnew() {
    delete this.list.dataset.drawn;
    this.draw();
  }

  draw() {
    const { standby, waiting } = this;
    const isConnected = standby.connection.state === "connected";
    const items = [...(standby.alone?.outbox.items.values() ?? [])].filter(isForPeople);
    const isAlone = standby.isLost && standby.isAble;
    say(element("known", HTMLElement), isConnected && standby.isAble ? word(KEPT.known, this.asOf) : "");
    const sentences = [
      isAlone ? this.alone() : "",
      standby.isLost && !standby.isAble && standby.deviceId ? word(KEPT.cannot_decide) : "",
      complaint(standby.complaint),
      waiting > 0 ? word(KEPT.waiting, waiting) : "",
      items.length > 0 ? word(KEPT.look_at) : "",
    ].filter(Boolean);
    this.root.hidden = sentences.length === 0;
    this.root.dataset.waiting = String(waiting);
    const text = sentences.join(" ");
    // Read out when it changes, and not each time it is drawn.
    if (this.text.textContent !== text) this.text.textContent = text;
    this.send.hidden = waiting === 0;
    this.send.textContent = word(this.isSending ? KEPT.sending : KEPT.send);
    this.drawList(items);
  }

  /** @returns {string} */
  alone() {
    const { synced, outbox } = /** @type {import("./alone.js").Alone} */ (this.standby.alone);
    const { number, until } = synced.allowance;
    const isOver = (synced.reading?.moment ?? 0) >= until;
    const left = isOver ? 0 : Math.max(number - outbox.usesWaiting, 0);
    const more = left > 0 ? word(KEPT.may_more, left) : word(KEPT.may_no_more);
    return `${more} ${word(KEPT.it_knows, this.asOf)}`;
  }

  /** @returns {string} as 14:02 (5 min ago) */
  get asOf() {
    const { synced } = /** @type {import("./alone.js").Alone} */ (this.standby.alone);
    const now = synced.reading?.moment ?? synced.asOf;
    return ago(synced.asOf, now, this.timeZone);
  }

  /** @param {Item[]} items */
  drawList(items) {
    const drawn = items.map(({ id, state }) => `${id} ${state}`).join();
    if (this.list.dataset.drawn === drawn) return;
    this.list.dataset.drawn = drawn;
    this.list.replaceChildren(...items.map((item) => this.row(item)));
  }

  /** @param {Item} item */
  row(item) {
    const row = document.createElement("li");
    const text = document.createElement("p");
    const subject = document.createElement("strong");
    const time = clockTime(new Date(item.since), this.timeZone);
    subject.textContent = `${item.told.perk || word(KEPT.a_code)}, ${time}: `;
    text.append(subject, whatToDo(item));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = word(item.state === "parked" ? KEPT.again : KEPT.noted);
    button.addEventListener("click", () => this.handle(item));
    row.append(text, button);
    return row;
  }

  /** @param {Item} item */
  async handle({ id, state }) {
    const { outbox } = this.standby.alone ?? {};
    if (state !== "parked") return outbox?.close(id, "seen");
    await outbox?.unpark(id);
    await this.sendNow();
  }

  async sendNow() {
    this.sends(true);
    await this.standby.hurry();
    this.sends(false);
  }

  /** @param {boolean} isSending */
  sends(isSending) {
    this.isSending = isSending;
    this.send.disabled = isSending;
    this.draw();
  }
}

/** @param {Item} item */
function isForPeople(item) {
  return item.state === "parked" || isConflict(item) || isCountedForNothing(item);
}

/** @param {Item} item */
function whatToDo({ state, problem, answer, ...item }) {
  if (state === "parked") return word(KEPT.parked, problem ? sentenceOfProblem(problem) : "");
  if (!isConflict({ state, answer, ...item })) return word(KEPT.counted_for_nothing);
  const [, , verdict] = lookOf(answer?.verdict ?? "");
  return word(KEPT.conflict, verdict);
}

/** @param {string} name */
function complaint(name) {
  const said = /** @type {Record<string, Said<[]>>} */ (COMPLAINTS)[name];
  return said ? word(said) : name;
}

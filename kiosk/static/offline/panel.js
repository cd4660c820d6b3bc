/** Tells staff what waits on this device, how old its knowledge is, and what people must look at. */

import { element, say } from "../elements.js";
import { lookOf } from "../looks.js";
import { ago, clockTime } from "../moments.js";
import { isConflict, isCountedForNothing } from "./items.js";

/** @import {Item} from "./items.js" */
/** @import {Standby} from "./standby.js" */

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
  }

  get waiting() {
    return this.standby.alone?.outbox.count.waiting ?? 0;
  }

  draw() {
    const { standby, waiting } = this;
    const isConnected = standby.connection.state === "connected";
    const items = [...(standby.alone?.outbox.items.values() ?? [])].filter(isForPeople);
    const isAlone = standby.isLost && standby.isAble;
    say(element("known", HTMLElement), isConnected && standby.isAble ? `Vouchers as of ${this.asOf}` : "");
    const sentences = [
      isAlone ? this.alone() : "",
      standby.isLost && !standby.isAble && standby.deviceId ? "This device cannot decide without the server." : "",
      standby.complaint,
      waiting > 0 ? `${counted(waiting, "scan waits", "scans wait")} here to be sent.` : "",
      items.length > 0 ? "An organiser has to look at these:" : "",
    ].filter(Boolean);
    this.root.hidden = sentences.length === 0;
    this.root.dataset.waiting = String(waiting);
    const text = sentences.join(" ");
    // Read out when it changes, and not each time it is drawn.
    if (this.text.textContent !== text) this.text.textContent = text;
    this.send.hidden = waiting === 0;
    this.drawList(items);
  }

  /** @returns {string} */
  alone() {
    const { synced, outbox } = /** @type {import("./alone.js").Alone} */ (this.standby.alone);
    const { number, until } = synced.allowance;
    const isOver = (synced.reading?.moment ?? 0) >= until;
    const left = isOver ? 0 : Math.max(number - outbox.usesWaiting, 0);
    const more = left > 0 ? `This device may hand out ${left} more by itself`
      : "This device may hand out no more by itself";
    return `${more}. It knows the vouchers as of ${this.asOf}.`;
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
    subject.textContent = `${item.told.perk || "A code"}, ${time}: `;
    text.append(subject, whatToDo(item));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = item.state === "parked" ? "Try again" : "Noted";
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
    this.send.disabled = true;
    this.send.textContent = "Sending…";
    await this.standby.hurry();
    this.send.disabled = false;
    this.send.textContent = "Send now";
  }
}

/** @param {Item} item */
function isForPeople(item) {
  return item.state === "parked" || isConflict(item) || isCountedForNothing(item);
}

/** @param {Item} item */
function whatToDo(item) {
  if (item.state === "parked") {
    return `kept here, and not taken by the server. ${item.sentence ?? ""} Tell an organiser, then try`
      + " again. Do not clear this browser's data.";
  }
  if (isConflict(item)) {
    const [, , word] = lookOf(item.answer?.verdict ?? "");
    return `handed out here without a network, and the record says “${word}”. It counts once. Nothing to`
      + " do at the desk: organisers find it under conflicts.";
  }
  return "refused here, and counted by the server. An organiser can take the redemption back.";
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
function counted(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

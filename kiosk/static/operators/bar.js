/** Shows who holds the device, what it may, and that somebody has to sign in. */

import { element, say } from "../elements.js";
import { clockTime } from "../moments.js";
import { word } from "../words/language.js";
import { keepSaying } from "../words/speaking.js";
import { FIRST, HOLDER } from "../words/sign-in.js";
import { roleOf } from "./holding.js";
import { roleWord } from "./sentences.js";

/** @import {Holder} from "./holding.js" */
/** @import {Operators} from "./operators.js" */

export class Bar {
  /**
   * @param {Object} parts
   * @param {Operators} parts.operators
   * @param {() => boolean} parts.isLost
   * @param {string} [parts.timeZone] of the station
   * @param {(who: string | null) => void} parts.onSignIn
   */
  constructor({ operators, isLost, timeZone, onSignIn }) {
    this.operators = operators;
    this.isLost = isLost;
    this.timeZone = timeZone;
    this.chip = element("operator", HTMLButtonElement);
    this.notice = element("operator-notice", HTMLElement);
    this.noticeText = element("operator-notice-text", HTMLElement);
    this.first = element("sign-in-first", HTMLElement);
    this.chip.addEventListener("click", () => onSignIn(null));
    const button = element("operator-notice-button", HTMLButtonElement);
    button.addEventListener("click", () => onSignIn(operators.holder?.id ?? null));
    element("sign-in-first-button", HTMLButtonElement).addEventListener("click", () => onSignIn(null));
  }

  draw() {
    keepSaying(this.chip, () => this.drawAll());
  }

  drawAll() {
    const { operators } = this, { holder } = operators, { roster, isRequired } = operators.known;
    this.chip.hidden = roster.length === 0 && !holder && !isRequired;
    this.chip.dataset.held = String(holder !== null);
    this.drawChip(holder);
    const notice = holder ? this.noticeFor(holder) : "";
    if (this.noticeText.textContent !== notice) this.noticeText.textContent = notice;
    this.notice.hidden = notice === "";
    element("operator-notice-button", HTMLElement).textContent = word(HOLDER.givePin);
    this.drawFirst(roster.length === 0);
    this.drawPermissions();
  }

  /** @param {Holder | null} holder */
  drawChip(holder) {
    const name = element("operator-name", HTMLElement), rest = element("operator-rest", HTMLElement);
    name.textContent = holder?.name ?? word(HOLDER.nobody);
    const role = holder ? roleWord(roleOf(holder)) : "";
    const until = holder && this.operators.endsSoon ? word(HOLDER.until, this.end(holder)) : "";
    say(rest, [role, until].filter(Boolean).join(", "));
    this.chip.setAttribute("aria-label", holder ? word(HOLDER.held, holder.name, rest.textContent ?? "") : "");
    if (!holder) this.chip.removeAttribute("aria-label");
  }

  /** @param {Holder} holder */
  noticeFor(holder) {
    if (this.isLost()) return "";
    if (holder.by === "device") return word(HOLDER.again, holder.name);
    const isSoon = holder.by === "server" && this.operators.endsSoon;
    return isSoon ? word(HOLDER.ends, holder.name, this.end(holder)) : "";
  }

  /** @param {Holder} holder */
  end(holder) {
    return clockTime(new Date(this.operators.endOf(holder)), this.timeZone);
  }

  /** @param {boolean} isEmpty nobody could sign in */
  drawFirst(isEmpty) {
    const { isMissing } = this.operators;
    this.first.hidden = !isMissing;
    document.body.dataset.waitsForOperator = String(isMissing);
    if (!isMissing) return;
    element("sign-in-first-title", HTMLElement).textContent = word(FIRST.title);
    element("sign-in-first-text", HTMLElement).textContent = word(isEmpty ? FIRST.noOne : FIRST.text);
    const button = element("sign-in-first-button", HTMLElement);
    button.textContent = word(HOLDER.nobody);
    button.hidden = isEmpty;
  }

  drawPermissions() {
    const { may } = this.operators.known;
    const isKnown = may.length > 0;
    document.body.dataset.mayUndo = String(!isKnown || may.includes("undo"));
    document.body.dataset.mayRedeem = String(!isKnown || may.includes("redeem"));
    element("check-only", HTMLInputElement).disabled = isKnown && !may.includes("redeem");
    say(element("check-only-why", HTMLElement), isKnown && !may.includes("redeem") ? word(HOLDER.checkOnly) : "");
  }
}

/** Asks a supervisor what is to be done about an answer, and why. */

import { word } from "../words/language.js";
import { CHOICES, GO, REASONS, RULES, SUPERVISOR } from "../words/supervisor.js";
import { mostFaulty, mustLook } from "./choices.js";
import { complaintLine, dialogOf, labelled, make, ticked } from "./make.js";
import { Reason } from "./reason.js";
import { Who } from "./who.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Choice} from "./choices.js" */
/** @import {Named, Operator} from "./server.js" */

/**
 * What was decided.
 * @typedef {{choice: Choice, reason: string, looked: boolean, uses: number | null, usable: boolean}} Decided
 */

/**
 * @typedef {Object} Subject what it is about
 * @property {Outcome} outcome
 * @property {Choice[]} choices
 * @property {boolean} isScanned whether a QR was shown: a typed code may be anybody's
 * @property {boolean} isLookedAt whether staff have looked who it is before
 */

export class Decision {
  /** @param {(named: Named) => Promise<string>} signIn why not; empty where it is done */
  constructor(signIn) {
    this.signIn = signIn;
    this.dialog = dialogOf("decision");
    /** @type {Choice} */
    this.choice = "undo";
    this.isBusy = false;
  }

  get isOpen() {
    return this.dialog.open;
  }

  /**
   * @param {Subject} subject
   * @param {{supervisors: Operator[], holder: Operator | null}} there
   * @param {(decided: Decided, named: Named) => void} onDecided once the PIN was right
   */
  ask(subject, { supervisors, holder }, onDecided) {
    this.subject = subject;
    this.onDecided = onDecided;
    this.choice = subject.choices[0] ?? "undo";
    this.who = new Who("decision", supervisors, holder);
    this.draw();
    if (!this.dialog.open) this.dialog.showModal();
    (holder ? this.go : this.who.pin)?.focus();
  }

  /** Draws it anew, for what is chosen now. */
  draw() {
    const { subject, choice, who } = this;
    if (!subject || !who) return;
    const form = make("form", { noValidate: true });
    const title = make("h2", { id: "decision-title" }, word(SUPERVISOR.short));
    this.complaint = complaintLine();
    this.reason = new Reason("decision", REASONS[choice]);
    this.go = make("button", { className: "button button-main", type: "submit" }, word(GO[choice]));
    const cancel = make("button", { className: "button", type: "button" }, word(SUPERVISOR.cancel));
    cancel.addEventListener("click", () => this.dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    form.append(
      title, aboutLine(subject.outcome), ...this.which(subject, choice),
      ...this.means(subject, choice), this.reason.root, ...this.more(subject, choice), who.root,
      this.complaint, make("div", { className: "supervisor-do" }, this.go, cancel),
    );
    this.dialog.replaceChildren(form);
  }

  /**
   * @param {Subject} subject
   * @param {Choice} choice
   */
  which({ choices }, choice) {
    if (choices.length < 2) return [];
    const radios = choices.map((each) => {
      const radio = make("input", { type: "radio", name: "decision", value: each, checked: each === choice });
      radio.addEventListener("change", () => {
        this.choice = each;
        this.draw();
        /** @type {HTMLElement | null} */ (this.dialog.querySelector("input[type=radio]:checked"))?.focus();
      });
      return ticked(word(CHOICES[each]), radio);
    });
    return [make("fieldset", {}, make("legend", {}, word(CHOICES.what)), ...radios)];
  }

  /**
   * What comes of it, in words.
   * @param {Subject} subject
   * @param {Choice} choice
   */
  means({ outcome }, choice) {
    if (choice === "undo") return [make("p", {}, word(CHOICES.undo_means))];
    if (choice === "refund") return [make("p", {}, word(CHOICES.refund_means))];
    const rules = outcome.kind === "answer" ? outcome.answer.may_override ?? [] : [];
    const known = rules.filter((rule) => Object.hasOwn(RULES, rule));
    const said = known.map((rule) => word(RULES[/** @type {keyof typeof RULES} */ (rule)]));
    return [make("p", { className: "supervisor-rules" }, said.join(" "))];
  }

  /**
   * What else is asked.
   * @param {Subject} subject
   * @param {Choice} choice
   */
  more({ outcome, isScanned, isLookedAt }, choice) {
    this.looked = this.uses = this.usable = null;
    const perk = outcome.kind === "answer" ? outcome.answer.voucher?.perk : undefined;
    if (choice === "override" && !isLookedAt && mustLook(perk, isScanned)) {
      this.looked = make("input", { type: "checkbox" });
      const age = perk?.minimum_age;
      return [ticked(age ? word(CHOICES.looked_age, age) : word(CHOICES.looked), this.looked)];
    }
    if (choice !== "refund") return [];
    this.usable = make("input", { type: "checkbox" });
    const most = mostFaulty(outcome);
    if (most === 1) return [ticked(word(CHOICES.usable), this.usable)];
    this.uses = make("input", { id: "decision-uses", type: "number", min: "1", max: String(most), value: "1" });
    return [labelled(word(CHOICES.uses), this.uses), ticked(word(CHOICES.usable), this.usable)];
  }

  async submit() {
    const { who, reason, go } = this;
    if (!who || !reason || !go || this.isBusy) return;
    const named = who.read();
    if (typeof named === "string") return this.complain(named, () => who.again());
    if (!reason.text) return this.complain(word(CHOICES.say_why), () => reason.own.focus());
    const { looked } = this;
    if (looked && !looked.checked) return this.complain(word(CHOICES.look_first), () => looked.focus());
    this.complain("");
    this.isBusy = go.disabled = true;
    const refused = await this.signIn(named);
    this.isBusy = go.disabled = false;
    if (!this.dialog.open) return;
    if (refused) return this.complain(refused, () => who.again());
    const uses = this.uses ? Number(this.uses.value) || 1 : null;
    const { choice } = this;
    const decided = { choice, reason: reason.text, looked: looked?.checked ?? false, uses, usable: this.usable?.checked ?? false };
    this.dialog.close();
    this.onDecided?.(decided, named);
  }

  /**
   * @param {string} sentence
   * @param {() => void} [focus]
   */
  complain(sentence, focus) {
    if (this.complaint) this.complaint.textContent = sentence;
    focus?.();
  }
}

/** @param {Outcome} outcome */
function aboutLine(outcome) {
  const { voucher, member } = outcome.kind === "answer" ? outcome.answer : {};
  const whose = [voucher?.perk.name, member?.display_name].filter(Boolean).join(" · ");
  const reference = make("span", { className: "supervisor-reference" }, voucher?.reference ?? "");
  return make("p", { className: "supervisor-about" }, whose, " ", reference);
}

/** A supervisor looks for a member who has no code. */

import { FIND } from "../words/finding.js";
import { word } from "../words/language.js";
import { CHOICES, REASONS, RULES, SUPERVISOR } from "../words/supervisor.js";
import { factsOf, memberFound } from "./found.js";
import { complaintLine, dialogOf, labelled, make, ticked } from "./make.js";
import { Reason } from "./reason.js";
import { Who } from "./who.js";

/** @import {Scene} from "../moments.js" */
/** @import {FoundMember, FoundVoucher, Named, Operator, Server} from "./server.js" */

/** @typedef {{voucher: FoundVoucher, reason: string, rules: string[], because: string}} Picked */

/** A PIN that was given is not kept longer than somebody needs for one member. */
const PIN_KEPT_MS = 2 * 60 * 1000;
/** What has to be set aside for it, by its state. */
const RULES_OF = { expired: ["expired"], not_yet_valid: ["not_yet_valid"] };

export class Finding {
  /**
   * @param {Server} server
   * @param {() => Scene} scene
   * @param {(picked: Picked, named: Named) => void} onPicked
   */
  constructor(server, scene, onPicked) {
    this.server = server;
    this.scene = scene;
    this.onPicked = onPicked;
    this.dialog = dialogOf("finding");
    this.dialog.addEventListener("close", () => this.forget());
    /** @type {Named | null} */
    this.named = null;
    this.timer = 0;
    this.isBusy = false;
    this.complaint = complaintLine();
    this.list = make("div", { className: "found" });
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** @param {{supervisors: Operator[], holder: Operator | null}} there */
  open({ supervisors, holder }) {
    this.who = new Who("finding", supervisors, holder);
    this.list.replaceChildren();
    this.drawSearch();
    if (!this.dialog.open) this.dialog.showModal();
    (holder ? this.field : this.who.pin)?.focus();
  }

  /** Nobody finds a PIN here later. */
  forget() {
    clearTimeout(this.timer);
    this.named = null;
    this.list.replaceChildren();
    this.dialog.replaceChildren();
  }

  drawSearch(typed = "") {
    const form = make("form", { noValidate: true });
    this.field = make("input", {
      id: "finding-name", type: "search", autocomplete: "off", maxLength: 64, value: typed,
    });
    const hint = make("p", { className: "quiet", id: "finding-hint" }, word(FIND.hint));
    this.field.setAttribute("aria-describedby", hint.id);
    const search = make("button", { className: "button button-main", type: "submit" }, word(FIND.search));
    this.whoPlace = make("div", {});
    this.drawWho();
    this.complaint = complaintLine();
    form.append(
      make("h2", { id: "finding-title" }, word(SUPERVISOR.find)), this.whoPlace,
      labelled(word(FIND.name), this.field), hint, search, this.complaint,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
    const close = make("button", { className: "button", type: "button" }, word(SUPERVISOR.close));
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.replaceChildren(form, this.list, make("div", { className: "supervisor-do" }, close));
  }

  /** Who was right once need not give the PIN for each name. */
  drawWho() {
    const known = this.named && make("p", {}, word(SUPERVISOR.as, this.named.name));
    this.whoPlace?.replaceChildren(known ?? this.who?.root ?? "");
  }

  async search() {
    const named = this.named ?? this.who?.read();
    if (this.isBusy || !named || !this.field) return;
    if (typeof named === "string") return this.complain(named, () => this.who?.again());
    this.list.replaceChildren();
    this.tell(word(SUPERVISOR.waiting));
    this.isBusy = true;
    const reply = await this.server.search(this.field.value, named);
    this.isBusy = false;
    if (!this.dialog.open) return;
    if ("complaint" in reply) {
      const again = this.named === null && named.pin !== null;
      return this.complain(reply.complaint, () => (again ? this.who?.again() : this.field?.focus()));
    }
    this.keep(named);
    this.tell(reply.members.length ? word(FIND.found, reply.members.length) : word(FIND.nobody));
    this.list.replaceChildren(...reply.members.map((member) => this.member(member)));
    if (reply.more) this.list.append(make("p", { className: "quiet" }, word(FIND.more)));
  }

  /** @param {Named} named whose PIN was right */
  keep(named) {
    this.named = named;
    this.drawWho();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.dialog.close(), PIN_KEPT_MS);
  }

  /** @param {FoundMember} found */
  member(found) {
    return memberFound(found, this.scene(), (voucher) => this.drawPicked(found.display_name, voucher));
  }

  /**
   * @param {string} member
   * @param {FoundVoucher} voucher
   */
  drawPicked(member, voucher) {
    const { perk, state } = voucher;
    const typed = this.field?.value ?? "";
    const rules = RULES_OF[/** @type {keyof typeof RULES_OF} */ (state)] ?? [];
    const form = make("form", { noValidate: true });
    const reason = new Reason("finding", REASONS.find, CHOICES.why_no_code);
    const because = rules.length ? new Reason("finding-rules", REASONS.override) : null;
    const looked = make("input", { type: "checkbox" });
    const age = perk.minimum_age;
    const does = state === "redeemed" ? FIND.show : because ? CHOICES.override : FIND.redeem;
    const go = make("button", { className: "button button-main", type: "submit" }, word(does));
    const back = make("button", { className: "button", type: "button" }, word(FIND.back));
    back.addEventListener("click", () => {
      this.drawSearch(typed);
      this.field?.focus();
    });
    this.complaint = complaintLine();
    form.append(
      make("h2", { id: "finding-title" }, perk.name),
      make("p", { className: "supervisor-about" }, member, make("br"), factsOf(voucher, this.scene())),
      ...rules.map((rule) => make("p", { className: "supervisor-rules" }, word(RULES[/** @type {keyof typeof RULES} */ (rule)]))),
      ...(because ? [because.root] : []),
      ticked(age ? word(CHOICES.looked_age, age) : word(CHOICES.looked), looked), reason.root,
      this.complaint, make("div", { className: "supervisor-do" }, go, back),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!looked.checked) return this.complain(word(CHOICES.look_first), () => looked.focus());
      const untold = [because, reason].find((each) => each !== null && !each.text);
      if (untold) return this.complain(word(CHOICES.say_why), () => untold.own.focus());
      this.pick({ voucher, reason: reason.text, rules, because: because?.text ?? "" });
    });
    this.dialog.replaceChildren(form);
    looked.focus();
  }

  /** @param {Picked} picked */
  async pick(picked) {
    const { named } = this;
    if (!named || this.isBusy) return;
    this.isBusy = true;
    this.tell(word(SUPERVISOR.waiting));
    const refused = await this.server.signIn(named);
    this.isBusy = false;
    if (!this.dialog.open) return;
    if (refused) return this.complain(refused);
    this.dialog.close();
    this.onPicked(picked, { ...named });
  }

  /** @param {string} sentence that complains of nothing */
  tell(sentence) {
    this.complaint.textContent = sentence;
    this.complaint.classList.add("supervisor-news");
  }

  /**
   * @param {string} sentence
   * @param {() => void} [focus]
   */
  complain(sentence, focus) {
    this.complaint.textContent = sentence;
    this.complaint.classList.remove("supervisor-news");
    focus?.();
  }
}

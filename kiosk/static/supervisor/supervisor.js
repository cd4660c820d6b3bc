/** What supervisors decide at this desk: where it is offered, and what comes of it. */

import { element, say } from "../elements.js";
import { word } from "../words/language.js";
import { keepSaying } from "../words/speaking.js";
import { SUPERVISOR } from "../words/supervisor.js";
import { choices, settles, staffSteps, waitsForNetwork } from "./choices.js";
import { Decision } from "./decision.js";
import { Errands } from "./errands.js";
import { Finding } from "./finding.js";
import { Server } from "./server.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Connection} from "../connection.js" */
/** @import {Desk} from "../desk.js" */
/** @import {Scene} from "../moments.js" */
/** @import {Sighting} from "../repeats.js" */
/** @import {Scans} from "../scans.js" */
/** @import {Offer} from "../steps.js" */
/** @import {Shown} from "../verdict.js" */
/** @import {Operator} from "./server.js" */

/** Who is admitted changes seldom; whoever opens a dialog asks anew. */
const EVERY_MS = 60_000;
const SOON_MS = 1500;

export class Supervisor {
  /**
   * @param {Object} parts
   * @param {Connection} parts.connection
   * @param {Scans} parts.scans
   * @param {() => Desk} parts.desk
   * @param {() => Scene} parts.scene
   */
  constructor({ connection, scans, desk, scene }) {
    this.connection = connection;
    this.desk = desk;
    const server = new Server();
    this.server = server;
    this.errands = new Errands(scans, server);
    this.decision = new Decision((named) => server.signIn(named));
    this.finding = new Finding(server, scene, (picked, named) => {
      const entry = { kind: /** @type {const} */ ("reference"), text: picked.voucher.reference, voucher: null };
      const errand = this.errands.byReference(entry, picked, named);
      this.desk().follow({ entry, mode: "redeem" }, { errand });
    });
    this.button = element("find-member", HTMLButtonElement);
    this.hint = element("supervisor-hint", HTMLElement);
    this.button.addEventListener("click", () => this.find());
    /** @type {{supervisors: Operator[], holder: Operator | null, may: string[]}} */
    this.there = { supervisors: [], holder: null, may: [] };
    this.wasOnline = false;
    this.coming = 0;
    setInterval(() => this.refresh(), EVERY_MS);
    keepSaying(this.button, () => this.draw());
  }

  get isOnline() {
    return this.connection.state === "connected";
  }

  /** Whether a supervisor is being asked, or is about to be: no camera may change the subject. */
  get isAsked() {
    return this.coming > 0 || this.isOpen;
  }

  get isOpen() {
    return this.decision.isOpen || this.finding.isOpen;
  }

  /** Whether there is one to ask. */
  get canDecide() {
    return this.there.holder !== null || this.there.supervisors.length > 0;
  }

  /** The network came or went, or who we are. */
  changed() {
    if (this.isOnline && !this.wasOnline) this.refresh();
    this.wasOnline = this.isOnline;
    this.draw();
  }

  async refresh() {
    const there = this.isOnline ? await this.server.there() : null;
    if (!there) return;
    const supervisors = there.operators.filter(({ role, has_pin: has }) => role === "supervisor" && has);
    const holder = supervisors.find(({ id }) => id === there.holder?.id) ?? null;
    this.there = { supervisors, holder, may: there.may };
    this.draw();
  }

  /**
   * Nobody waits for a slow network only to be asked: then it is as it was a minute ago.
   * @param {() => void} open opens a dialog, with what is known by then
   */
  async soon(open) {
    this.coming += 1;
    try {
      await Promise.race([this.refresh(), new Promise((resolve) => setTimeout(resolve, SOON_MS))]);
      open();
    } finally {
      this.coming -= 1;
    }
  }

  draw() {
    const canFind = this.canDecide && this.there.may.includes("redeem");
    this.button.textContent = word(SUPERVISOR.find);
    this.button.hidden = !canFind;
    this.button.disabled = !this.isOnline;
    document.body.dataset.supervisors = String(this.canDecide && this.isOnline);
    say(this.hint, this.canDecide && !this.isOnline ? word(SUPERVISOR.needs_network) : "");
  }

  /**
   * @param {Sighting} sighting
   * @param {Outcome} outcome
   */
  choices({ mode }, outcome) {
    return this.canDecide ? choices(mode, outcome, this.there.may) : [];
  }

  /**
   * What staff may do about an answer, and what a supervisor may. What was just redeemed is on the
   * list for them.
   * @param {Sighting} sighting
   * @param {Outcome} outcome
   * @param {Offer} offer
   * @returns {Offer}
   */
  offer(sighting, outcome, offer) {
    const steps = staffSteps(sighting, offer);
    const isFresh = outcome.kind === "answer" && outcome.answer.verdict === "redeemed";
    if (!this.isOnline || isFresh || this.choices(sighting, outcome).length === 0) return { ...offer, steps };
    const supervise = word(this.there.holder ? SUPERVISOR.decide : SUPERVISOR.call);
    return { ...offer, steps: { ...steps, supervise } };
  }

  /**
   * Says where only a network is missing.
   * @param {Shown} shown
   * @param {Outcome} outcome
   * @returns {Shown}
   */
  told(shown, outcome) {
    if (!this.canDecide || !waitsForNetwork(outcome)) return shown;
    const notes = [...shown.details.notes, word(SUPERVISOR.no_network)];
    return { ...shown, details: { ...shown.details, notes } };
  }

  /**
   * Puts a button beside a scan on the list, for as long as something can be decided about it.
   * @param {Sighting} sighting
   * @param {Outcome} outcome
   */
  note(sighting, outcome) {
    const list = element("recent", HTMLOListElement);
    if (outcome.kind !== "answer") return;
    for (const button of list.querySelectorAll("button.recent-supervisor")) {
      if (!(button instanceof HTMLButtonElement) || !settles(sighting, outcome.answer, button.dataset)) continue;
      button.parentElement?.querySelector("[data-undoes]")?.remove();
      button.remove();
    }
    if (this.choices(sighting, outcome).length === 0) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button recent-supervisor";
    button.dataset.supervises = outcome.attemptId;
    button.dataset.voucher = outcome.answer.voucher?.reference ?? "";
    button.textContent = word(SUPERVISOR.short);
    button.setAttribute("aria-label", word(SUPERVISOR.about, this.about(outcome)));
    button.addEventListener("click", () => this.decide(sighting, outcome));
    list.firstElementChild?.append(button);
  }

  /** @param {Outcome} outcome */
  about(outcome) {
    if (outcome.kind !== "answer") return "";
    const { voucher, member } = outcome.answer;
    return [voucher?.perk.name, member?.display_name, voucher?.reference].filter(Boolean).join(" · ");
  }

  /**
   * Asks a supervisor about an answer.
   * @param {Sighting} sighting
   * @param {Outcome} outcome
   */
  async decide(sighting, outcome) {
    await this.soon(() => this.ask(sighting, outcome));
  }

  /**
   * @param {Sighting} sighting
   * @param {Outcome} outcome
   */
  ask(sighting, outcome) {
    const possible = this.isOpen ? [] : this.choices(sighting, outcome);
    if (outcome.kind !== "answer" || possible.length === 0) return;
    const isLookedAt = sighting.identityConfirmed || "identity_confirmed" in (sighting.errand?.shows ?? {});
    const isScanned = sighting.entry.kind === "token";
    const subject = { outcome, choices: possible, isScanned, isLookedAt };
    const { attemptId } = outcome;
    this.decision.ask(subject, this.there, (decided, named) => {
      const { choice, reason } = decided;
      const errand = choice === "override" ? this.errands.override(sighting, outcome, decided, named)
        : choice === "undo" ? this.errands.undo(attemptId, reason, named)
        : this.errands.refund(attemptId, decided, named);
      this.desk().follow(sighting, { errand, uses: choice === "override" ? sighting.uses : 1 });
    });
  }

  async find() {
    await this.soon(() => {
      if (this.isOnline && this.canDecide && !this.isOpen) this.finding.open(this.there);
    });
  }
}

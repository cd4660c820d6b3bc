/** A kiosk at its desk: its disk stays, its pages end; staff serve who stands before it. */

import { scanned, typed } from "../../../kiosk/static/entry.js";
import { Chance } from "./chance.mjs";
import { Disk } from "./disk.mjs";
import { Link } from "./link.mjs";
import { Page } from "./page.mjs";
import { time } from "./time.mjs";

const REASON = "Scanned by mistake";
const MINUTE = 60_000;

export class Kiosk {
  constructor({ id, name, bearer }, server, seed, place) {
    this.id = id;
    this.name = name;
    this.chance = new Chance(seed, 2 * place);
    this.link = new Link(server, bearer, new Chance(seed, 2 * place + 1));
    this.disk = new Disk();
    /** How far its clock is ahead of the true time. */
    this.ahead = this.chance.below(18 * MINUTE) - 9 * MINUTE;
    this.wasSet = false;
    /** @type {Page | null} */
    this.page = null;
    this.pages = 0;
    /** What left the desk, by attempt. @type {Map<string, any>} */
    this.handed = new Map();
    /** Attempts whose page ended before anybody saw an answer. @type {Set<string>} */
    this.open = new Set();
    /** Attempts that the server may have heard of as they were made. @type {Set<string>} */
    this.reached = new Set();
    this.waiting = [];
    this.undoing = [];
    this.isFinishing = false;
  }

  /** @param {Iterable<string>} asked */
  ended(asked) {
    for (const id of asked) this.open.add(id);
    // Whoever waited for an answer at that desk goes to another one.
    this.waiting = [];
  }

  async begin() {
    if (this.page && !this.page.isDead) return;
    this.page = new Page(this, this.isFinishing ? Infinity : this.lifetime());
    this.pages += 1;
    await this.page.open();
    if (this.page.standby.complaint) throw new Error(this.page.standby.complaint);
  }

  /** @returns {number} so many writes to the disk */
  lifetime() {
    return this.chance.is(0.3) ? Infinity : 1 + this.chance.below(30);
  }

  /** One while at the desk. @param {any[]} people the vouchers that they show */
  async live(people) {
    this.link.goesOn();
    if (this.chance.is(0.02)) this.set();
    await this.begin();
    if (this.chance.is(0.3)) await this.link.deliver();
    await this.settle();
    for (const voucher of people) await this.serve(voucher);
    if (this.chance.is(0.15)) await this.round();
    await this.page.until(this.page.standby.loop.running);
  }

  /** Somebody sets its clock. */
  set() {
    this.ahead = this.chance.below(18 * MINUTE) - 9 * MINUTE;
    this.wasSet = true;
  }

  async round() {
    await this.page.until(this.page.standby.hurry());
  }

  /** Those who had to wait, and what is to be taken back. */
  async settle() {
    for (const voucher of this.waiting.splice(0)) await this.serve(voucher);
    for (const undo of this.undoing.splice(0)) await this.undo(undo);
  }

  async serve(voucher) {
    if (this.page.isDead) return;
    const { page, chance } = this;
    const byCode = voucher.code && chance.is(0.03);
    const entry = byCode ? typed(voucher.code).entry : scanned(voucher.token);
    page.voucher = voucher;
    page.shown = null;
    await page.until(byCode ? page.desk.given(entry) : page.desk.seen(entry));
    if (this.verdict === "identity_required" && chance.is(0.9)) await page.until(page.desk.confirm());
    // Some are called away: what is held is free again by itself.
    if (this.verdict === "reserved" && chance.is(0.9)) {
      await page.until(page.desk.end(chance.is(0.85) ? "confirm" : "release"));
    }
    if (this.verdict === "redeemed" && this.answer.voucher?.uses_left > 0 && chance.is(0.4)) {
      await page.until(page.desk.more());
    }
    if (this.verdict === "redeemed" && chance.is(0.04)) await this.undo(page.shown);
    const isOpen = page.shown && (this.answer === null || this.answer.own?.isFinal === false);
    if (isOpen && !page.isDead && page.shown.outcome.kind !== "problem") this.waiting.push(voucher);
    if (!page.isDead) page.desk.dismissed();
  }

  /** @param {any} what was shown: the redemption to take back */
  async undo({ sighting, outcome }) {
    const { page } = this;
    if (page.isDead) return;
    const handed = this.handed.get(outcome.attemptId);
    if (!handed) return;
    handed.undoTried = true;
    await page.until(page.desk.undo(sighting, outcome.attemptId, REASON));
    if (this.verdict === "undone") handed.returned = true;
    else if (!page.isDead && page.shown.outcome.kind === "silence") this.undoing.push({ sighting, outcome });
  }

  get answer() {
    const { outcome } = this.page.shown ?? {};
    return this.page.isDead || outcome?.kind !== "answer" ? null : outcome.answer;
  }

  get verdict() {
    return this.answer?.verdict ?? "";
  }

  /** Something leaves the desk. Shown again, it is the same one. */
  handOver(sighting, { attemptId, answer }) {
    if (this.handed.has(attemptId)) return;
    const { voucher } = this.page;
    this.handed.set(attemptId, {
      device: this.id, attempt: attemptId, voucher: voucher.index, at: time.now, own: Boolean(answer.own),
      reached: this.reached.has(attemptId), page: this.pages,
      undoTried: false, returned: false,
    });
  }

  /** The network is good again and staff stay until nothing waits. */
  async finish() {
    this.isFinishing = true;
    if (this.page) this.page.endsAt = Infinity;
    this.link.state = "good";
    this.link.chance.of = () => "carried";
    await this.link.deliver();
    for (let times = 0; times < 6; times += 1) {
      await this.begin();
      await this.settle();
      await this.round();
      if (!this.page.isDead && this.waiting.length + this.undoing.length + this.left === 0) return;
    }
  }

  /** How much waits to be sent. */
  get left() {
    return this.page.standby.alone?.outbox.count.waiting ?? 0;
  }

  /** What is left on the device at the end. */
  report() {
    const { outbox } = this.page.standby.alone;
    const items = [...outbox.items.values()];
    const moment = ({ body: { offline } }) => Date.parse(offline.judged_at) - offline.skew_ms;
    for (const id of this.page.asked) this.open.add(id);
    return {
      device: this.id, pages: this.pages, wasSet: this.wasSet,
      handed: [...this.handed.values()], open: [...this.open],
      waiting: items.filter(({ state }) => state === "waiting").map((item) => moment(item)),
      parked: items.filter(({ state }) => state === "parked").map(({ sentence }) => sentence),
      // Counted though nothing was handed over, and too late to be taken back: staff are told.
      told: items.filter((item) => item.told.verdict !== "redeemed" && item.answer?.verdict === "redeemed")
        .map(({ id }) => id),
    };
  }
}

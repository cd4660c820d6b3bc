/**
 * What happens between a code and its answer. Every code that is new is asked about at once, also
 * while an earlier one still waits; every answer gets its turn on the screen.
 */

import { heldFor, isEndOf, isHeld, isUndecided } from "./hold/held.js";
import { word } from "./words/language.js";
import { SCREEN } from "./words/screen.js";

/** @import {Entry} from "./entry.js" */
/** @import {Mode, Outcome} from "./contract.js" */
/** @import {Scans} from "./scans.js" */
/** @import {How} from "./hold/held.js" */
/** @import {KeptHold} from "./hold/kept.js" */
/** @import {More, Repeats, Sighting} from "./repeats.js" */

/**
 * @typedef {Object} Stage where outcomes are shown
 * @property {() => void} wait a code is being asked about
 * @property {(sentence: string) => void} stillWaiting
 * @property {(sighting: Sighting, outcome: Outcome, repeated: boolean) => void} show
 * @property {() => boolean} isBusy somebody's keys would hit the answer: it waits a little
 * @property {() => boolean} holds staff are asked something: no camera may change the subject
 */

const HOLD_MS = 150;

export class Desk {
  /**
   * @param {Object} parts
   * @param {Scans} parts.scans
   * @param {Repeats} parts.repeats
   * @param {Stage} parts.stage
   * @param {() => Mode} parts.mode
   * @param {(sighting: Sighting, outcome: Outcome) => void} parts.onOutcome
   * @param {() => number} [parts.monotonic]
   */
  constructor({ scans, repeats, stage, mode, onOutcome, monotonic = () => performance.now() }) {
    this.scans = scans;
    this.repeats = repeats;
    this.stage = stage;
    this.mode = mode;
    this.onOutcome = onOutcome;
    this.monotonic = monotonic;
    /** @type {Sighting | null} */
    this.current = null;
    /** @type {Sighting[]} answers that came while another code was on the screen */
    this.later = [];
  }

  /**
   * A code in front of the camera: it may have been there for a while.
   * @param {Entry} entry
   * @returns {Promise<void>}
   */
  async seen(entry) {
    const mode = this.mode();
    if (this.repeats.find(entry, mode, this.monotonic()) || this.stage.holds()) return;
    await this.ask(this.repeats.begin(entry, mode, this.monotonic()));
  }

  /**
   * A code that somebody typed, opened, or read with a hand scanner: it always gets a reply, but
   * a trigger pulled twice does not count twice.
   * @param {Entry} entry
   * @returns {Promise<void>}
   */
  async given(entry) {
    const mode = this.mode();
    const same = this.repeats.findFresh(entry, mode, this.monotonic());
    if (!same) return this.ask(this.repeats.begin(entry, mode, this.monotonic()));
    this.turnTo(same);
    if (same.outcome === null) this.stage.wait();
    else if (same.outcome.kind === "answer") this.present(same, true);
    else await this.ask(same);
  }

  /** Asks once more about the code whose answer is on the screen. */
  async again() {
    if (this.current?.outcome) await this.ask(this.current);
  }

  /** Staff have looked who it is: asks anew about the code whose answer is on the screen. */
  async confirm() {
    const { current } = this, { outcome, uses = 1 } = current ?? {};
    if (!current || !outcome) return;
    // Looking at an ID takes longer than a live code lasts: that it was good then is enough.
    const follows = outcome.kind === "answer" ? outcome.attemptId : null;
    const errand = current.errand?.confirmed?.(follows) ?? null;
    await this.follow(current, { identityConfirmed: true, follows, uses, errand });
  }

  /**
   * Takes more uses of the voucher on the screen: it is still the same person's.
   * @param {number} [uses]
   */
  async more(uses = 1) {
    const { current } = this;
    if (!current?.outcome) return;
    const { identityConfirmed, follows } = current;
    await this.follow(current, { identityConfirmed, follows, uses });
  }

  /**
   * Staff say what became of what is held for the code on the screen.
   * @param {How} how
   */
  async end(how) {
    const { current } = this;
    if (!current || !isHeld(current.outcome)) return;
    const { identityConfirmed, follows, uses, errand, supervised, outcome: { attemptId, answer: held } } = current;
    const ends = { how, attemptId, held, errand, supervised };
    await this.follow(current, { identityConfirmed, follows, uses, ends });
  }

  /** What is on the screen looks otherwise by now. */
  refresh() {
    if (this.current?.outcome) this.present(this.current, false);
  }

  /**
   * Goes on with what was held before the page was loaded; of several each has its turn.
   * @param {KeptHold} kept
   * @param {number} left milliseconds
   */
  resume({ sighting: { entry, mode, ...more }, outcome }, left) {
    const now = this.monotonic();
    const sighting = this.repeats.begin(entry, mode, now, more);
    Object.assign(sighting, { outcome, answeredAt: now, heldUntil: now + left });
    if (!this.current || !isUndecided(this.current)) this.turnTo(sighting);
    this.present(sighting, false);
  }

  /**
   * Takes back what a scan redeemed, also one of a while ago.
   * @param {Sighting} sighting
   * @param {string} attemptId
   * @param {string} reason
   */
  async undo(sighting, attemptId, reason) {
    await this.follow(sighting, { undoes: { attemptId, reason } });
  }

  /**
   * A new attempt about the same code. It takes the place of the one before, so that a code that
   * is still before the camera is not taken for a new scan.
   * @param {Pick<Sighting, "entry" | "mode">} before
   * @param {More} more
   */
  async follow({ entry, mode }, more) {
    await this.ask(this.repeats.begin(entry, mode, this.monotonic(), more));
  }

  /** The screen was tapped away: the next answer that waits has its turn. */
  dismissed() {
    if (this.current?.outcome === null) return;
    if (this.current?.outcome.kind === "answer") this.current.errand?.forget?.();
    this.current = this.later.shift() ?? null;
    if (this.current) this.present(this.current, false);
  }

  /**
   * Puts a sighting on the screen. What is held there has its turn again: else nobody could say any
   * more whether it was handed over.
   * @param {Sighting} sighting
   */
  turnTo(sighting) {
    const before = this.current;
    this.later = this.later.filter((each) => each !== sighting && each !== before);
    if (before && before !== sighting && isUndecided(before) && !isEndOf(sighting, before)) this.later.unshift(before);
    this.current = sighting;
  }

  /** @param {Sighting} sighting */
  async ask(sighting) {
    this.turnTo(sighting);
    sighting.answeredAt = null;
    sighting.outcome = null;
    this.stage.wait();
    const outcome = await this.send(sighting, (next, of) => {
      if (this.current === sighting) this.stage.stillWaiting(word(SCREEN.retrying, next, of));
    });
    sighting.outcome = outcome;
    sighting.answeredAt = this.monotonic();
    if (isHeld(outcome)) sighting.heldUntil = sighting.answeredAt + heldFor(outcome);
    this.onOutcome(sighting, outcome);
    this.present(sighting, false);
  }

  /**
   * @param {Sighting} sighting
   * @param {(next: number, of: number) => void} onRetry
   */
  send({ entry, mode, identityConfirmed, follows, uses, ends, undoes, errand }, onRetry) {
    if (errand) return errand.send(onRetry);
    if (undoes) return this.scans.undo(undoes.attemptId, undoes.reason, onRetry);
    const looked = { identityConfirmed, follows, uses };
    if (ends) return this.scans.end(entry, mode, looked, ends, onRetry);
    return this.scans.ask(entry, mode, looked, onRetry);
  }

  /**
   * @param {Sighting} sighting
   * @param {boolean} repeated
   */
  present(sighting, repeated) {
    if (sighting.outcome === null) return;
    if (this.current !== sighting) this.wait(sighting);
    else if (this.stage.isBusy()) setTimeout(() => this.present(sighting, repeated), HOLD_MS);
    else this.stage.show(sighting, sighting.outcome, repeated);
  }

  /** @param {Sighting} sighting whose answer waits for its turn */
  wait(sighting) {
    if (!this.later.includes(sighting)) this.later.push(sighting);
  }
}

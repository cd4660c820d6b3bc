/** What is held for the customer at the desk, on the page: its time, and its life through a reload. */

import { Countdown } from "./countdown.js";
import { isHeld } from "./held.js";
import { forgetHold, keepHold, keptHolds } from "./kept.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Desk} from "../desk.js" */
/** @import {Sighting} from "../repeats.js" */
/** @import {Screen} from "../screen.js" */

export class Hold {
  /**
   * @param {Desk} desk
   * @param {Screen} screen
   */
  constructor(desk, screen) {
    this.desk = desk;
    this.screen = screen;
    this.countdown = new Countdown(() => desk.refresh());
  }

  /**
   * An outcome was told: what is held is remembered until it has ended.
   * @param {Sighting} sighting
   * @param {Outcome} outcome
   */
  note(sighting, outcome) {
    if (isHeld(outcome)) keepHold(sessionStorage, sighting, outcome, Date.now());
    else if (sighting.ends && outcome.kind === "answer") forgetHold(sessionStorage, sighting.ends.attemptId);
  }

  /**
   * It is on the screen: where it is held, its time runs there.
   * @param {Sighting} sighting
   * @param {Outcome} outcome
   */
  show({ heldUntil }, outcome) {
    if (isHeld(outcome) && heldUntil > performance.now()) this.countdown.start(heldUntil);
    else this.countdown.stop();
  }

  stop() {
    this.countdown.stop();
  }

  /** Somebody scans or types: true where staff have to answer first, and are told so. */
  insists() {
    if (!this.screen.mustDecide) return false;
    this.countdown.insist();
    this.screen.root.focus({ preventScroll: true });
    return true;
  }

  /** The page was loaded anew: goes on with what was held. */
  resume() {
    const now = Date.now();
    for (const kept of keptHolds(sessionStorage, now)) this.desk.resume(kept, Math.max(kept.until - now, 0));
  }
}

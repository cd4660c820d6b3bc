/** Notes what scans came to, and asks before one of them is taken back. */

import { isHeld } from "./hold/held.js";
import { describeEnd, describeOver } from "./hold/shown.js";
import { forgetUndo, remember } from "./recent.js";
import { UNDO_MS, canUndo } from "./steps.js";
import { isSupervised } from "./supervisor/choices.js";
import { UndoQuestion } from "./undo-question.js";
import { describe, describeUndo } from "./verdict.js";

/** @import {Outcome} from "./contract.js" */
/** @import {Sighting} from "./repeats.js" */

export class Outcomes {
  /**
   * @param {Object} parts
   * @param {string} [parts.timeZone] of the station
   * @param {(sighting: Sighting, attemptId: string, reason: string) => void} parts.onUndo
   */
  constructor({ timeZone, onUndo }) {
    this.timeZone = timeZone;
    this.onUndo = onUndo;
    this.question = new UndoQuestion();
  }

  get scene() {
    return { now: new Date(), timeZone: this.timeZone };
  }

  /**
   * @param {Sighting} sighting
   * @param {Outcome} outcome
   */
  described({ undoes, ends, heldUntil, errand }, outcome, scene = this.scene) {
    if (isHeld(outcome) && heldUntil <= performance.now()) return describeOver(outcome, scene);
    if (errand) return errand.describe(outcome, scene);
    if (ends) return describeEnd(outcome, ends, scene);
    return undoes ? describeUndo(outcome, scene) : describe(outcome, scene);
  }

  /**
   * Puts it on the list of the last scans, for as long as it may be undone with a button.
   * @param {Sighting} sighting
   * @param {Outcome} outcome
   */
  note(sighting, outcome) {
    // What is held is nothing yet: what becomes of it is noted.
    if (isHeld(outcome)) return;
    const undoing = outcome.kind === "answer" && canUndo(outcome) && !isSupervised(sighting)
      ? { attemptId: outcome.attemptId, forMs: UNDO_MS, ask: () => this.askUndo(sighting, outcome) }
      : null;
    if (sighting.undoes && outcome.kind === "answer") forgetUndo(sighting.undoes.attemptId);
    const { scene } = this;
    const by = outcome.kind === "answer" ? outcome.answer.scanned_by?.operator : null;
    remember(() => this.described(sighting, outcome, scene), sighting.entry, scene, undoing, by ?? "");
  }

  /**
   * @param {Sighting} sighting
   * @param {Outcome} outcome the redemption
   */
  async askUndo(sighting, outcome) {
    if (outcome.kind !== "answer") return;
    const reason = await this.question.ask(this.described(sighting, outcome));
    if (reason) this.onUndo(sighting, outcome.attemptId, reason);
  }
}

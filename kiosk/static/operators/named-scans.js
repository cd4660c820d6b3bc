/**
 * Scans in the name of who holds the device. Where the server wants somebody to sign in, they are
 * asked to, and the same attempt is made once more: nothing gets lost by it.
 */

import { Scans } from "../scans.js";
import { NOBODY, inTheNameOf, operatorProblem, unnamed } from "./naming.js";

/** @import {Looked} from "../asking.js" */
/** @import {Mode, Outcome} from "../contract.js" */
/** @import {Entry} from "../entry.js" */
/** @import {Asking} from "../offline/alone.js" */
/** @import {Decider} from "../offline/decider.js" */
/** @import {Attempt, Surroundings} from "../scans.js" */
/** @import {Holding} from "./naming.js" */

/** @typedef {(next: number, of: number) => void} OnRetry */

export class NamedScans extends Scans {
  /**
   * @param {Holding} [holding]
   * @param {Surroundings} [surroundings]
   * @param {Decider} [alone]
   */
  constructor(holding = NOBODY, surroundings = undefined, alone = undefined) {
    super(surroundings, alone);
    this.holding = holding;
  }

  /**
   * As `Scans.ask()`; nothing is asked while somebody has to sign in first.
   * @param {Entry} entry
   * @param {Mode} mode
   * @param {Looked} looked
   * @param {OnRetry} [onRetry]
   * @returns {Promise<Outcome>}
   */
  async ask(entry, mode, looked, onRetry) {
    return this.signedIn(async () => (
      this.holding.isMissing ? unnamed() : super.ask(entry, mode, looked, onRetry)
    ));
  }

  /**
   * As `Scans.undo()`, in the name of who holds the device.
   * @param {string} attemptId
   * @param {string} reason
   * @param {OnRetry} [onRetry]
   * @returns {Promise<Outcome>}
   */
  async undo(attemptId, reason, onRetry) {
    return this.signedIn(async () => this.undoAs(this.holding.named?.id ?? null, attemptId, reason, onRetry));
  }

  /**
   * The same in another's name: nobody is asked to sign in for it.
   * @param {string | null} operator
   * @param {string} attemptId
   * @param {string} reason
   * @param {OnRetry} [onRetry]
   * @returns {Promise<Outcome>}
   */
  async undoAs(operator, attemptId, reason, onRetry) {
    return super.undo(attemptId, reason, onRetry, operator);
  }

  /** @param {() => Promise<Outcome>} asks */
  async signedIn(asks) {
    const outcome = await asks();
    return (await this.holding.settles(outcome)) ? asks() : outcome;
  }

  /** @param {Attempt & {asking: Asking}} attempt */
  named(attempt) {
    return inTheNameOf(attempt, this.holding.named);
  }

  /**
   * @param {Response} response
   * @param {Attempt} attempt
   * @returns {Promise<Outcome>}
   */
  async outcomeOf(response, attempt) {
    const { status } = response;
    if (status !== 422) return super.outcomeOf(response, attempt);
    const { code, sentence } = await operatorProblem(response.clone(), this.holding.named?.name);
    return sentence ? { kind: "problem", status, code, sentence } : super.outcomeOf(response, attempt);
  }
}

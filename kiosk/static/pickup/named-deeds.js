/** Deeds for which somebody signs in where the server wants it, and which are done at once then. */

import { Deeds } from "./deeds.js";

/** @import {Order} from "./choice.js" */
/** @import {Deed, Here, Kind, Outcome, Surroundings} from "./deeds.js" */

/** @typedef {Here & {askWho: (why: string) => Promise<boolean>}} NamedHere */

export class NamedDeeds extends Deeds {
  /**
   * @param {(deed: Deed, outcome: Outcome) => void} onSettled
   * @param {NamedHere} here
   * @param {(outcome: Outcome & {kind: "problem"}) => string} saying why somebody has to sign in
   * @param {Surroundings} [surroundings]
   */
  constructor(onSettled, here, saying, surroundings) {
    super(onSettled, here, surroundings);
    this.askWho = here.askWho;
    this.saying = saying;
  }

  /**
   * @param {Kind} kind
   * @param {Order} order
   * @param {Record<string, unknown>} asked
   * @returns {Promise<Outcome>}
   */
  async do(kind, order, asked) {
    const outcome = await super.do(kind, order, asked);
    const deed = this.waiting.find((each) => each.order.id === order.id);
    if (outcome.kind !== "problem" || deed?.refusedFor === undefined) return outcome;
    return (await this.askWho(this.saying(outcome))) ? this.ask(deed) : outcome;
  }
}

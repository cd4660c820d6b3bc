/** Asks the server what came of attempts whose answer this device never wrote down. */

/** @import {Answer} from "../contract.js" */
/** @import {Alone} from "./alone.js" */
/** @import {Intent} from "./intents.js" */

const TIMEOUT_MS = 8000;
/** A request of a page that has ended may still be on its way for so long. */
const ARRIVES_MS = 60_000;
const UNKNOWN = "unknown_attempt";

export class Recalling {
  /**
   * @param {Pick<Alone, "intents" | "remember">} alone
   * @param {{fetch: typeof fetch, now: () => number}} surroundings
   */
  constructor(alone, surroundings) {
    this.alone = alone;
    this.surroundings = surroundings;
  }

  /** Asks about all that got no answer; what still gets none is asked again another time. */
  async recall() {
    for (const intent of this.alone.intents.unanswered) {
      const told = await this.ask(intent);
      if (told === null || this.alone.intents.busy.has(intent.id)) continue;
      if (told !== UNKNOWN) await this.learn(intent, told);
      else if (this.surroundings.now() - intent.since > ARRIVES_MS) await this.alone.intents.end(intent.id);
    }
  }

  /**
   * @param {Intent} intent
   * @param {Answer & {undone?: boolean}} answer
   */
  async learn(intent, answer) {
    if (answer.verdict === "redeemed" && !answer.undone) await this.alone.remember(intent, answer);
    await this.alone.intents.end(intent.id);
  }

  /**
   * @param {Intent} intent
   * @returns {Promise<Answer | "unknown_attempt" | null>} null where the server says nothing
   */
  async ask({ id }) {
    try {
      const response = await this.surroundings.fetch(`/api/v1/scans/${id}`, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const told = await response.json();
      if (response.status === 404) return told?.title === UNKNOWN ? UNKNOWN : null;
      return response.ok && typeof told?.verdict === "string" ? told : null;
    } catch {
      return null;
    }
  }
}

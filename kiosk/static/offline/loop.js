/** Does something again and again: often while it works, ever more seldom while it does not. */

const EVERY_MS = 5000;
export const SHORTEST_MS = 2000, LONGEST_MS = 60_000;

/** @typedef {{later: (what: () => void, ms: number) => number, never: (id: number) => void}} Timer */

/** @type {Timer} */
const BROWSER = {
  later: (what, ms) => setTimeout(what, ms),
  never: (id) => clearTimeout(id),
};

export class Loop {
  /**
   * @param {() => Promise<boolean>} round whether it worked
   * @param {Timer} [timer]
   */
  constructor(round, timer = BROWSER) {
    this.round = round;
    this.timer = timer;
    this.fails = 0;
    this.next = 0;
    this.isWanted = false;
    /** @type {Promise<void> | null} */
    this.running = null;
  }

  /**
   * A round at once; while one goes on, another one after it.
   * @returns {Promise<void>} once that is done
   */
  now() {
    this.isWanted = true;
    this.running ??= this.run().finally(() => { this.running = null; });
    return this.running;
  }

  async run() {
    this.timer.never(this.next);
    while (this.isWanted) {
      this.isWanted = false;
      const worked = await this.round().catch(() => false);
      this.fails = worked ? 0 : this.fails + 1;
    }
    this.next = this.timer.later(() => this.now(), this.wait);
  }

  /** @returns {number} milliseconds until the next round */
  get wait() {
    if (this.fails === 0) return EVERY_MS;
    return Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (this.fails - 1));
  }
}

/** Facts on the disk, written where they have changed: most of what is told is the same each time. */

/** @import {Facts} from "../offline/sync.js" */

export class Kept {
  constructor() {
    /** @type {Facts | null} null until there is a disk */
    this.facts = null;
    /** @type {Record<string, string>} */
    this.written = {};
  }

  /**
   * @param {string} name
   * @param {unknown} value that JSON can say
   */
  async set(name, value) {
    const text = JSON.stringify(value);
    if (!this.facts || this.written[name] === text) return;
    this.written[name] = text;
    try {
      await this.facts.set(name, value);
    } catch (error) {
      delete this.written[name];
      throw error;
    }
  }
}

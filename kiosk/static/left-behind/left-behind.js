/**
 * What a browser that is not paired any more still has to tell: a device that was revoked may upload
 * what it decided before, and nothing else.
 */

import { Outbox } from "../offline/outbox.js";

/** @import {Shelf} from "../offline/outbox.js" */

/**
 * @typedef {Object} Surroundings what tests replace
 * @property {() => Promise<string[]>} devices that this browser has stood for
 * @property {(device: string) => Promise<boolean>} hold whether nobody else sends for it
 * @property {(device: string) => Promise<Shelf>} openDisk
 * @property {typeof fetch} fetch
 */

const NOT_OURS = [401, 403];

export class LeftBehind {
  /**
   * @param {Surroundings} surroundings
   * @param {() => void} [onChange]
   */
  constructor(surroundings, onChange = () => {}) {
    this.surroundings = surroundings;
    this.onChange = onChange;
    /** @type {Outbox[]} of each device that had something to tell */
    this.outboxes = [];
    /** Whether the server takes it no more from this browser. */
    this.isRefused = false;
  }

  /** Looks what is there. */
  async open() {
    for (const device of await this.surroundings.devices()) {
      if (!(await this.surroundings.hold(device))) continue;
      const shelf = await this.surroundings.openDisk(device);
      const around = { fetch: this.noting, now: () => Date.now() };
      const outbox = new Outbox(shelf, this.onChange, around, device);
      await outbox.open();
      if (left(outbox) > 0) this.outboxes.push(outbox);
    }
    this.onChange();
  }

  /** @returns {number} so many wait, or were not taken as they are */
  get count() {
    return this.outboxes.reduce((sum, outbox) => sum + left(outbox), 0);
  }

  /** Whether nothing of it goes up by itself. */
  get isStuck() {
    return this.isRefused || this.outboxes.every(({ count }) => count.waiting === 0);
  }

  /** Whether there was anything to tell. */
  get isAny() {
    return this.outboxes.length > 0;
  }

  /** @returns {Promise<boolean>} whether nothing waits any more */
  async send() {
    let isDone = true;
    for (const outbox of this.outboxes) isDone = (await outbox.upload()) && isDone;
    this.onChange();
    return isDone;
  }

  /** As `send()`, with what the server did not take before. */
  async again() {
    for (const outbox of this.outboxes) {
      for (const { id } of [...outbox.items.values()]) await outbox.unpark(id);
    }
    return this.send();
  }

  /** @type {typeof fetch} */
  noting = async (input, init) => {
    const response = await this.surroundings.fetch(input, init);
    this.isRefused = NOT_OURS.includes(response.status);
    return response;
  };
}

/** @param {Outbox} outbox */
function left({ count: { waiting, parked } }) {
  return waiting + parked;
}

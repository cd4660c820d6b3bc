/** Who holds this device at its pickup desk: as the scanner's page keeps it, and as the server says. */

import { Store } from "../offline/store.js";
import { HELD, NOBODY, endOf, settle } from "../operators/holding.js";

/** @import {Status} from "../connection.js" */
/** @import {Held, Holder as Holding} from "../operators/holding.js" */

export class Holder {
  /**
   * @param {string} device its id
   * @param {(device: string) => Promise<{get: (name: string) => Promise<any>}>} [open] its disk
   */
  constructor(device, open = (id) => Store.open(id)) {
    this.device = device;
    this.open = open;
    /** @type {{get: (name: string) => Promise<any>} | null} */
    this.disk = null;
    /** @type {Holding | null} */
    this.named = null;
    /** Whether nothing may be handed over until somebody signs in. */
    this.isMissing = false;
  }

  get id() {
    return this.named?.id ?? null;
  }

  /**
   * Looks again. Who has no PIN yet is known to the scanner's page alone, and signs in there.
   * @param {Status | null} status null where the server was not heard
   */
  async look(status) {
    const kept = await this.kept();
    const holder = status ? settle(kept, { ...status, operators: status.operators ?? [] }).held.holder : kept.holder;
    const now = status ? Date.parse(status.server_time) : Date.now();
    this.named = holder && now < endOf(holder, Infinity) ? holder : null;
    if (status) this.isMissing = status.station.operators === "required" && this.named === null;
    else this.isMissing &&= this.named === null;
  }

  /** @returns {Promise<Held>} */
  async kept() {
    try {
      this.disk ??= await this.open(this.device);
      return (await this.disk.get(HELD)) ?? NOBODY;
    } catch {
      return NOBODY;
    }
  }
}

/** Who holds the pickup desk: shown, asked for, and named in what is done. It is all done with a network. */

import { Store } from "../offline/store.js";
import { Bar } from "../operators/bar.js";
import { HELD } from "../operators/holding.js";
import { OfflinePins } from "../operators/offline-pins.js";
import { Operators } from "../operators/operators.js";
import { SignIn } from "../operators/sign-in.js";
import { word } from "../words/language.js";
import { NETWORK } from "../words/pickup.js";
import { SIGN_IN } from "../words/sign-in.js";

/** @import {Facts} from "../offline/sync.js" */
/** @import {Status} from "../connection.js" */

/** What the scanner's page may do with a PIN without a network is nothing that helps here. */
class OnlinePins extends OfflinePins {
  knows() {
    return false;
  }
}

class PickupBar extends Bar {
  /** There is nothing that could be checked only. */
  drawPermissions() {}
}

export class Front {
  /**
   * @param {Object} parts
   * @param {() => boolean} parts.isLost
   * @param {() => boolean} parts.isBusy an order is on the screen
   * @param {() => number} parts.waiting how many steps wait for their answers
   * @param {() => void} parts.onChange
   * @param {(device: string) => Promise<Facts>} [parts.open] its disk
   */
  constructor({ isLost, isBusy, waiting, onChange, open = (id) => Store.open(id) }) {
    const { deviceId = "", zone: timeZone, operators } = document.body.dataset;
    this.isBusy = isBusy;
    this.onChange = onChange;
    /** @type {{moment: number, at: number} | null} what time it was for the server, and here */
    this.heard = null;
    /** @type {Facts | null} */
    this.disk = null;
    this.operators = new Operators(
      { isLost, alone: () => this.alone, onChange: () => this.changed() },
      { isRequired: operators === "required" },
    );
    const waits = () => (waiting() > 0 ? word(NETWORK.waiting, waiting()) : "");
    this.signIn = new SignIn({ operators: this.operators, waiting: waits, isLost, timeZone });
    this.bar = new PickupBar({
      operators: this.operators, isLost, timeZone, onSignIn: (who) => this.signIn.open({ who }),
    });
    this.opened = open(deviceId).then((disk) => this.open(disk)).catch(() => {});
  }

  /** @param {Facts} disk */
  async open(disk) {
    this.disk = disk;
    await this.operators.open(disk, new OnlinePins(disk));
  }

  /** Whom the scanner's page believed without a network holds the device here as well. */
  get alone() {
    const { heard } = this;
    return heard && { moment: heard.moment + performance.now() - heard.at, until: Infinity };
  }

  get id() {
    return this.operators.holder?.id ?? null;
  }

  /** Whether no code may be asked about just now. */
  get holds() {
    return this.signIn.isOpen || this.operators.isMissing;
  }

  /**
   * Looks again, also at what the scanner's page did on this disk since.
   * @param {Status | null} status null where the server was not heard
   * @param {number} askedAt
   */
  async look(status, askedAt) {
    await this.opened;
    const held = await this.disk?.get(HELD).catch(() => undefined);
    if (held && askedAt >= this.operators.changedAt) this.operators.held = held;
    if (!status) return this.operators.tick();
    this.heard = { moment: Date.parse(status.server_time), at: performance.now() };
    await this.operators.told({ ...status, operators: status.operators ?? [] }, askedAt);
  }

  /**
   * The server does nothing in the name of who is named: asks who it is.
   * @param {string} why
   * @returns {Promise<boolean>} whether somebody has signed in
   */
  async ask(why) {
    return this.signIn.open({ why, who: this.id, isHurried: true });
  }

  changed() {
    this.bar.draw();
    this.onChange();
    const { ended } = this.operators;
    if (!ended || this.signIn.isOpen || this.isBusy()) return;
    this.operators.ended = null;
    this.signIn.open({ why: word(SIGN_IN.ended, ended.name), who: ended.id });
  }
}

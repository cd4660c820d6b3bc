/** Who holds this device, for the rest of the page: shown, asked for, and named in each scan. */

import { Bar } from "./bar.js";
import { NOT_SIGNED_IN, wantsSignIn } from "./naming.js";
import { Operators } from "./operators.js";
import { SignIn } from "./sign-in.js";
import { word } from "../words/language.js";
import { SIGN_IN } from "../words/sign-in.js";

/** @import {Connection} from "../connection.js" */
/** @import {Outcome} from "../contract.js" */
/** @import {Standby} from "../offline/standby.js" */
/** @import {Holding} from "./naming.js" */
/** @import {Facts} from "../offline/sync.js" */
/** @import {Status} from "./operators.js" */

const LOOK_EVERY_MS = 5000;

/** @implements {Holding} */
export class Front {
  /**
   * @param {Object} parts
   * @param {Connection} parts.connection
   * @param {() => Standby} parts.standby
   * @param {() => boolean} parts.isBusy staff are in the middle of something
   * @param {() => void} parts.onChange
   */
  constructor({ connection, standby, isBusy, onChange }) {
    const { zone: timeZone, operators, may = "" } = document.body.dataset;
    const isLost = () => connection.state === "lost";
    this.isBusy = isBusy;
    this.onChange = onChange;
    this.operators = new Operators(
      { isLost, alone: () => aloneOf(standby()), onChange: () => this.changed() },
      { isRequired: operators === "required", may: may.split(" ").filter(Boolean) },
    );
    const waiting = () => {
      const count = standby().alone?.outbox.count.waiting ?? 0;
      return count > 0 ? word(SIGN_IN.waiting, count) : "";
    };
    this.signIn = new SignIn({ operators: this.operators, waiting, isLost, timeZone });
    const onSignIn = (/** @type {string | null} */ who) => this.signIn.open({ who });
    this.bar = new Bar({ operators: this.operators, isLost, timeZone, onSignIn });
    setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  get named() {
    return this.operators.holder;
  }

  get isMissing() {
    return this.operators.isMissing;
  }

  /** Whether no code may be asked about just now. */
  get holds() {
    return this.signIn.isOpen || this.isMissing;
  }

  /** Whether this device hands nothing out. */
  get mayCheckAlone() {
    return document.body.dataset.mayRedeem === "false";
  }

  /** @param {Outcome} outcome */
  async settles(outcome) {
    if (outcome.kind !== "problem" || !wantsSignIn(outcome)) return false;
    const who = outcome.code === NOT_SIGNED_IN ? this.operators.holder?.id ?? null : null;
    return this.signIn.open({ why: outcome.sentence, who, isHurried: true });
  }

  /** @param {Facts} facts the disk */
  async open(facts) {
    await this.operators.open(facts);
  }

  /**
   * @param {Status} status
   * @param {number} askedAt
   */
  async told(status, askedAt) {
    await this.operators.told(status, askedAt);
  }

  async forget() {
    await this.operators.forget();
  }

  changed() {
    this.bar.draw();
    this.onChange();
    this.look();
  }

  /** Asks again whoever may not go on, once nothing else is on the screen. */
  look() {
    this.operators.tick();
    this.bar.draw();
    const { ended } = this.operators;
    if (!ended || this.signIn.isOpen || this.isBusy()) return;
    this.operators.ended = null;
    const isOver = this.operators.now >= this.operators.endOf(ended);
    const why = word(isOver ? SIGN_IN.over : SIGN_IN.ended, ended.name);
    this.signIn.open({ why, who: ended.id });
  }
}

/** @param {Standby} standby */
function aloneOf({ alone }) {
  const moment = alone?.synced.reading?.moment;
  return alone && moment !== undefined ? { moment, until: alone.synced.allowance.until } : null;
}

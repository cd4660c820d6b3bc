/** One page of a kiosk, from its opening to its end: the kiosk's own code, and staff before it. */

import { Desk } from "../../../kiosk/static/desk.js";
import { Repeats } from "../../../kiosk/static/repeats.js";
import { PATIENCE_MS, Scans } from "../../../kiosk/static/scans.js";
import { Loop } from "../../../kiosk/static/offline/loop.js";
import { NEVER, breath, time } from "./time.mjs";

const { Standby } = await import("../../../kiosk/static/offline/standby.js");

const TIMER = { later: () => 0, never: () => {} };

export class Page {
  /**
   * @param {import("./kiosk.mjs").Kiosk} kiosk
   * @param {number} endsAt at which write to the disk it ends
   */
  constructor(kiosk, endsAt) {
    this.kiosk = kiosk;
    this.isDead = false;
    /** Attempts whose answer nobody has seen yet. @type {Set<string>} */
    this.asked = new Set();
    /** @type {any} */
    this.shown = null;
    this.died = new Promise((resolve) => { this.die = resolve; });
    this.endsAt = endsAt;
    const { link } = kiosk;
    const surroundings = {
      fetch: (address, init) => this.fetch(address, init),
      now: () => time.now + kiosk.ahead,
      openDisk: async () => kiosk.disk.openFor(this),
    };
    this.standby = new Standby({
      deviceId: kiosk.id, device: kiosk.name, connection: this.connection(), onChange: () => {},
      operators: { open: async () => {}, told: async () => {}, forget: async () => {} },
      undo: (attemptId, reason) => this.scans.undo(attemptId, reason),
      surroundings,
    });
    const decide = (asking) => this.standby.constructor.prototype.decide.call(this.standby, asking);
    this.standby.decide = (asking) => {
      this.asked.add(asking.id);
      return decide(asking);
    };
    this.standby.loop = new Loop(() => this.standby.round(), TIMER);
    this.scans = new Scans({
      fetch: surroundings.fetch,
      monotonic: () => time.now,
      pause: (ms) => (ms === PATIENCE_MS && !link.isSlow ? NEVER : breath()),
    }, this.standby);
    this.desk = new Desk({
      scans: this.scans, repeats: new Repeats(), mode: () => "redeem", monotonic: () => time.now,
      onOutcome: (_sighting, outcome) => this.heard(outcome),
      stage: {
        isBusy: () => false, holds: () => false, wait: () => {}, stillWaiting: () => {},
        show: (sighting, outcome) => this.show(sighting, outcome),
      },
    });
  }

  async open() {
    await this.until(this.standby.open());
    await this.until(this.standby.loop.running);
  }

  /** As `connection.js`, without a header that says it. */
  connection() {
    return {
      state: "asking",
      become(state) { this.state = state; },
      ask: async () => {
        const [state, status] = await this.status();
        this.standby.connection.become(state);
        return status;
      },
    };
  }

  async status() {
    try {
      const answer = await this.fetch("/kiosk/status", { headers: { Accept: "application/json" } });
      const isOurs = /json/.test(answer.headers.get("Content-Type") ?? "");
      if (answer.status === 401 && isOurs) return ["unpaired", null];
      const status = answer.ok ? await answer.json() : null;
      return status?.device ? ["connected", status] : ["lost", null];
    } catch {
      return ["lost", null];
    }
  }

  async fetch(address, init) {
    if (this.isDead) return NEVER;
    if (address === "/api/v1/scans") this.asked.add(JSON.parse(init.body).attempt_id);
    const carrying = this.kiosk.link.fetch(address, init);
    if (address === "/api/v1/scans" && this.kiosk.link.carries) this.kiosk.reached.add(JSON.parse(init.body).attempt_id);
    const answer = await carrying.catch((error) => error);
    if (this.isDead) return NEVER;
    if (answer instanceof Error) throw answer;
    return answer;
  }

  /** @template T @param {() => T} what @returns {Promise<T>} */
  async writes(what) {
    await breath();
    if (this.isDead) return NEVER;
    this.endsAt -= 1;
    if (this.endsAt > 0) return what();
    if (this.kiosk.chance.is(0.5)) what();
    this.end();
    return NEVER;
  }

  async reads(what) {
    await breath();
    return this.isDead ? NEVER : what();
  }

  /** The tab is closed, or the phone is out of power. */
  end() {
    this.isDead = true;
    this.kiosk.ended(this.asked);
    this.die();
  }

  /** Waits for something of this page, or for its end. */
  until(promise) {
    return Promise.race([promise, this.died]);
  }

  heard(outcome) {
    if (outcome.kind === "answer" && !outcome.answer.own) this.standby.connection.become("connected");
    else this.standby.hurry();
  }

  /** What staff see, and do by it. */
  show(sighting, outcome) {
    if (this.isDead) return;
    this.shown = { sighting, outcome };
    if (outcome.kind !== "answer" || sighting.undoes) return;
    const { verdict, own } = outcome.answer;
    if (own?.isFinal !== false && verdict !== "reserved") this.asked.delete(outcome.attemptId);
    if (verdict === "redeemed" || sighting.ends?.how === "confirm") this.kiosk.handOver(sighting, outcome);
  }
}

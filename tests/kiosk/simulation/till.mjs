/** A partner's till: it holds, hands over and then confirms, by the contract alone. */

import { Chance } from "./chance.mjs";
import { Link } from "./link.mjs";
import { time } from "./time.mjs";

export class Till {
  constructor({ id, name, bearer }, server, seed, place) {
    this.id = id;
    this.name = name;
    this.chance = new Chance(seed, 2 * place);
    this.link = new Link(server, bearer, new Chance(seed, 2 * place + 1));
    this.handed = new Map();
    this.faults = [];
    /** What the server has to be told yet: each until it has answered. */
    this.toTell = [];
  }

  async live(people) {
    this.link.goesOn();
    if (this.chance.is(0.3)) await this.link.deliver();
    await this.tell();
    for (const voucher of people) await this.serve(voucher);
    if (this.chance.is(0.6)) await this.tell();
  }

  async serve(voucher) {
    const attempt = crypto.randomUUID();
    const scan = { attempt_id: attempt, token: voucher.token, mode: "hold", scanned_at: new Date(time.now).toISOString() };
    const held = (await this.ask("/api/v1/scans", scan)) ?? (await this.ask("/api/v1/scans", scan));
    if (held?.verdict !== "reserved") return;
    const end = this.chance.of({ confirm: 60, claim: 20, release: 10, forget: 10 });
    if (end === "confirm" || end === "claim") {
      this.handed.set(attempt, {
        device: this.id, attempt, voucher: voucher.index, at: time.now, own: false, reached: true, page: 0, undoTried: false, returned: false,
      });
    }
    if (end === "confirm" || end === "release") this.toTell.push([`/api/v1/scans/${attempt}/${end}`, {}]);
    const at = new Date(time.now).toISOString();
    const offline = { verdict: "redeemed", judged_at: at, synced_at: held.server_time, skew_ms: 0 };
    if (end === "claim") this.toTell.push(["/api/v1/scans/batch", { scans: [{ ...scan, mode: "redeem", offline }] }]);
  }

  async tell() {
    for (const what of this.toTell.splice(0)) {
      const answer = await this.ask(...what);
      if (answer === null) this.toTell.push(what);
      else if (answer.status) this.faults.push(answer);
    }
  }

  async ask(address, body) {
    try {
      const headers = { "Content-Type": "application/json" };
      const answer = await this.link.fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
      return answer.status >= 500 ? null : await answer.json();
    } catch {
      return null;
    }
  }

  async finish() {
    this.link.chance.of = () => "carried";
    await this.link.deliver();
    await this.tell();
  }

  report() {
    return {
      device: this.id, pages: 0, wasSet: false, handed: [...this.handed.values()], open: [], told: [],
      waiting: this.toTell.map(() => time.now), parked: this.faults.map((fault) => JSON.stringify(fault)),
    };
  }
}

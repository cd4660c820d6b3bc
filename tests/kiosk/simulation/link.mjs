/** A device's way to the server: it comes and goes, loses, delays and doubles what it carries. */

import { breath } from "./time.mjs";

/** What becomes of a request, by how the network is just now. */
const FATES = {
  good: { carried: 97, "answer lost": 1, twice: 1, slow: 1 },
  bad: { carried: 45, gone: 20, "answer lost": 12, late: 8, twice: 7, slow: 8 },
  none: { gone: 1 },
  portal: { portal: 1 },
};
/** How it goes on from there, each quarter of an hour or so. */
const THEN = {
  good: { good: 45, bad: 10, none: 40, portal: 5 },
  bad: { good: 15, bad: 45, none: 40 },
  none: { good: 9, bad: 4, none: 87 },
  portal: { good: 30, none: 40, portal: 30 },
};

export class Link {
  /**
   * @param {string} server its address
   * @param {string} bearer
   * @param {import("./chance.mjs").Chance} chance
   */
  constructor(server, bearer, chance) {
    this.server = server;
    this.bearer = bearer;
    this.chance = chance;
    this.state = "good";
    /** Whether the scan that was sent last is answered after staff's patience. */
    this.isSlow = false;
    /** Whether it reaches the server, some time. */
    this.carries = false;
    /** Requests that arrive some other time. */
    this.strays = [];
  }

  goesOn() {
    this.state = this.chance.of(THEN[this.state]);
  }

  async fetch(address, init = {}) {
    const send = () => this.carry(address, init);
    const fate = this.chance.of(FATES[this.state]);
    const isScan = address === "/api/v1/scans";
    if (isScan) [this.isSlow, this.carries] = [fate === "slow", !["gone", "portal"].includes(fate)];
    if (fate === "portal") return new Response("<html>Sign in</html>");
    if (fate === "answer lost") await send();
    if (fate === "late") this.strays.push(send);
    if (["gone", "answer lost", "late"].includes(fate)) {
      await breath();
      throw new TypeError("no network");
    }
    if (fate === "twice" && init.method === "POST") {
      if (this.chance.is(0.5)) this.strays.push(send);
      else return (await Promise.all([send(), send()]))[this.chance.below(2)];
    }
    return send();
  }

  /** What was under way arrives, in another order than it was sent. */
  async deliver() {
    const arriving = this.chance.shuffle(this.strays.splice(0));
    await Promise.all(arriving.map((send) => send()));
  }

  async carry(address, { method = "GET", headers = {}, body }) {
    const answer = await fetch(this.server + address, {
      method, body, headers: { ...headers, Authorization: `Bearer ${this.bearer}` },
    });
    // Read here: a body that nobody reads keeps its connection.
    const empty = [204, 304].includes(answer.status);
    const { status, headers: told } = answer;
    return new Response(empty ? null : await answer.text(), { status, headers: told });
  }
}

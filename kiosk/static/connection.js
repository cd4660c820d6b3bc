/** Whether the server can be reached, found out by asking it, and whose station this browser is. */

import { element, say } from "./elements.js";
import { clockTime } from "./moments.js";
import { CONNECTION } from "./words/connection.js";
import { word } from "./words/language.js";
import { keepSaying } from "./words/speaking.js";

/** @import {Admitted} from "./operators/holding.js" */

/**
 * @typedef {Object} Status
 * @property {{id: string | number, name: string, may?: string[]}} device
 * @property {{key: string, name: string, operators?: string}} station
 * @property {Admitted[]} operators who may sign in here
 * @property {{id: string, name: string, role: string, until: string} | null} operator who has
 * @property {{name: string, primary: string, accent: string}} community
 * @property {string} server_time
 */

/** @typedef {"asking" | "connected" | "lost" | "unpaired"} State */

const ADDRESS = "/kiosk/status";
const TIMEOUT_MS = 4000;

export class Connection {
  /** @param {() => void} [onChange] */
  constructor(onChange = () => {}) {
    this.onChange = onChange;
    /** @type {State} */
    this.state = "asking";
    this.mark = element("connection", HTMLElement);
    this.text = element("connection-text", HTMLElement);
  }

  /** @returns {Promise<Status | null>} null where the server is not reached, or does not know us */
  async ask() {
    const [state, status] = await this.answer();
    this.become(state);
    if (status) name(status);
    return status;
  }

  /** @returns {Promise<[State, Status | null]>} */
  async answer() {
    try {
      const response = await fetch(ADDRESS, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const isOurs = /json/.test(response.headers.get("Content-Type") ?? "");
      if (response.status === 401 && isOurs) return ["unpaired", null];
      const status = response.ok ? await response.json() : null;
      return status?.device ? ["connected", status] : ["lost", null];
    } catch {
      return ["lost", null];
    }
  }

  /** @param {State} state */
  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.mark.dataset.state = state;
    const since = clockTime(new Date(), document.body.dataset.zone || undefined);
    keepSaying(this.mark, () => this.draw(since));
    this.onChange();
  }

  /** @param {string} since */
  draw(since) {
    this.text.textContent = word(CONNECTION[this.state], since);
    const isUnpaired = this.state === "unpaired";
    say(element("unpaired", HTMLElement), isUnpaired ? word(CONNECTION.not_paired_any_more) : "");
  }
}

/** @param {Status} status */
function name({ device, station, community }) {
  element("device", HTMLElement).textContent = device.name;
  element("station", HTMLElement).textContent = station.name;
  document.body.dataset.device = device.name;
  paint(community.primary, community.accent);
}

/**
 * The community's two colours, as decoration: nothing is read in them. Set here, since the page
 * allows no inline styles.
 * @param {string | undefined} primary
 * @param {string | undefined} accent
 */
export function paint(primary, accent) {
  for (const [property, colour] of [["--primary", primary], ["--accent", accent]]) {
    if (property && colour && /^#[0-9a-f]{6}$/i.test(colour)) {
      document.documentElement.style.setProperty(property, colour);
    }
  }
}

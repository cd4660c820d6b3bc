/** Whether the server can be reached, and whose station this browser stands for. */

import { element, say } from "./elements.js";
import { clockTime } from "./moments.js";

/**
 * @typedef {Object} Status
 * @property {{id: string | number, name: string}} device
 * @property {{key: string, name: string}} station
 * @property {{name: string, primary: string, accent: string}} community
 */

/** @typedef {"asking" | "connected" | "lost" | "unpaired"} State */

const ADDRESS = "/kiosk/status";
const EVERY_MS = 15_000;
const TIMEOUT_MS = 8000;
const UNPAIRED = "This browser is not paired any more. Ask an organiser for a new pairing link.";

export class Connection {
  constructor() {
    /** @type {State} */
    this.state = "asking";
    this.timer = 0;
    this.mark = element("connection", HTMLElement);
    this.text = element("connection-text", HTMLElement);
    addEventListener("online", () => this.check());
    addEventListener("offline", () => this.check());
  }

  /** Asks now, and again every 15 seconds. */
  async check() {
    clearTimeout(this.timer);
    this.become(await this.ask());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), EVERY_MS);
  }

  /** @returns {Promise<State>} */
  async ask() {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(ADDRESS, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { Accept: "application/json" },
        signal: abort.signal,
      });
      if (response.status === 401) return "unpaired";
      if (!response.ok) return "lost";
      name(/** @type {Status} */ (await response.json()));
      return "connected";
    } catch {
      return "lost";
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {State} state */
  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.mark.dataset.state = state;
    this.text.textContent = {
      asking: "Connecting",
      connected: "Connected",
      lost: `No connection since ${clockTime(new Date())}`,
      unpaired: "Not paired",
    }[state];
    say(element("unpaired", HTMLElement), state === "unpaired" ? UNPAIRED : "");
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

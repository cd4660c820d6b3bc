/** The station's figures on the desk page: what went out today, what is left, who is there. */

import { element, say } from "../elements.js";
import { ago } from "../moments.js";
import { FIGURES } from "../words/figures.js";
import { word } from "../words/language.js";
import { keepSaying } from "../words/speaking.js";
import { STALE_MS, isStation, rowsOf } from "./rows.js";

/** @import {Row, Station} from "./rows.js" */

const ADDRESS = "/api/v1/station";
const EVERY_MS = 10_000;
const TIMEOUT_MS = 4000;
const KEPT = "keepsake.figures";

export class Figures {
  /**
   * @param {string} deviceId
   * @param {string} [timeZone] of the station
   */
  constructor(deviceId, timeZone) {
    this.deviceId = deviceId;
    this.timeZone = timeZone;
    this.root = element("figures", HTMLElement);
    this.parts = element("figures-parts", HTMLElement);
    this.asOf = element("figures-as-of", HTMLElement);
    this.askedAt = -Infinity;
    this.heardAt = -Infinity;
    /** @type {Station | null} */
    this.station = this.kept();
    const title = element("figures-title", HTMLElement);
    keepSaying(title, () => {
      title.textContent = word(FIGURES.title);
      this.draw();
    });
  }

  /**
   * Asked at every round; answered as often as it helps.
   * @param {boolean} isConnected
   */
  async round(isConnected) {
    const now = performance.now();
    if (isConnected && now - this.askedAt >= EVERY_MS && !document.hidden) {
      this.askedAt = now;
      const told = await ask();
      if (told) this.learn(told);
    }
    this.drawAge();
  }

  /** @param {Station} station */
  learn(station) {
    this.heardAt = performance.now();
    const isNew = JSON.stringify(station) !== JSON.stringify(this.station);
    this.station = station;
    if (!isNew) return;
    this.draw();
    try {
      localStorage.setItem(KEPT, JSON.stringify({ deviceId: this.deviceId, station }));
    } catch {
      // A full disk: after a reload they are asked for again.
    }
  }

  /** @returns {Station | null} what this very device was told last */
  kept() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
      return kept?.deviceId === this.deviceId && isStation(kept.station) ? kept.station : null;
    } catch {
      return null;
    }
  }

  draw() {
    const { station } = this;
    this.root.hidden = station === null;
    if (!station) return;
    const { total, handedOut, stock } = rowsOf(station);
    const nothing = [{ name: word(FIGURES.nothing), value: "" }];
    this.parts.replaceChildren(
      part(`${word(FIGURES.handedOut)}: ${total}`, handedOut.length > 0 ? handedOut : nothing),
      ...(stock.length > 0 ? [part(word(FIGURES.left), stock)] : []),
      part(`${word(FIGURES.devices)}: ${station.devices}`, []),
    );
    this.drawAge();
  }

  drawAge() {
    if (!this.station) return;
    const isStale = performance.now() - this.heardAt > STALE_MS;
    const at = Date.parse(this.station.as_of);
    this.root.dataset.stale = String(isStale);
    say(this.asOf, isStale ? word(FIGURES.asOf, ago(at, Date.now(), this.timeZone)) : "");
  }
}

/** @returns {Promise<Station | null>} */
async function ask() {
  try {
    const response = await fetch(ADDRESS, {
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const told = response.ok ? await response.json() : null;
    return isStation(told) ? told : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} title
 * @param {Row[]} rows
 */
function part(title, rows) {
  const section = document.createElement("div"), heading = document.createElement("h3");
  heading.textContent = title;
  section.append(heading);
  if (rows.length === 0) return section;
  const list = document.createElement("ul");
  list.append(...rows.map(line));
  section.append(list);
  return section;
}

/** @param {Row} row */
function line({ name, value, isLow = false }) {
  const item = document.createElement("li"), count = document.createElement("strong");
  count.textContent = isLow ? `${value} – ${word(FIGURES.low)}` : value;
  item.classList.toggle("figures-low", isLow);
  item.append(`${name} `, count);
  return item;
}

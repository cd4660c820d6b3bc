/**
 * Who should stand there: initials in a disc as soon as the name is known, and what they got it for,
 * which is asked apart from the answer. Nothing waits for it.
 */

import { element, say } from "../elements.js";
import { GOODS } from "../words/goods.js";
import { word } from "../words/language.js";

const TIMEOUT_MS = 4000;
const COLOURS = 6;

export class Whom {
  constructor() {
    this.disc = element("verdict-disc", HTMLElement);
    this.trophy = element("verdict-trophy", HTMLElement);
    this.text = element("verdict-trophy-text", HTMLElement);
    /** @type {AbortController | null} */
    this.asking = null;
  }

  clear() {
    this.asking?.abort();
    this.asking = null;
    say(this.disc, "");
    this.trophy.hidden = true;
  }

  /**
   * @param {string} name empty where it is not known
   * @param {string | null} attemptId of an answer of the server's
   */
  async show(name, attemptId) {
    this.clear();
    say(this.disc, initials(name));
    this.disc.dataset.colour = String(colourOf(name));
    if (!attemptId) return;
    const asking = this.asking = new AbortController();
    const told = await ask(attemptId, asking.signal);
    if (asking.signal.aborted || !told?.trophy?.name) return;
    this.text.textContent = word(GOODS.trophy, told.trophy.name);
    this.trophy.hidden = false;
  }
}

/**
 * @param {string} attemptId
 * @param {AbortSignal} signal
 * @returns {Promise<{trophy: {name: string} | null} | null>}
 */
async function ask(attemptId, signal) {
  try {
    const response = await fetch(`/api/v1/scans/${attemptId}/member`, {
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: "application/json" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @returns {string} one letter or two, by which a face is found in a queue
 */
export function initials(name) {
  const words = name.split(/[\s._\-…]+/u).map((each) => each.match(/[\p{L}\p{N}]/u)?.[0] ?? "").filter(Boolean);
  const [first = "", last = ""] = [words[0], words.length > 1 ? words.at(-1) : ""];
  return (first + last).toUpperCase();
}

/**
 * @param {string} name
 * @returns {number} the same each time
 */
export function colourOf(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % COLOURS;
}

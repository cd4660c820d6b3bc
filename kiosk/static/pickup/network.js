/** Whether the server answers, and what the desk says about that. */

import { element, say } from "../elements.js";
import { clockTime } from "../moments.js";
import { word } from "../words/language.js";
import { NETWORK } from "../words/pickup.js";
import { problem } from "./problem.js";

/** @import {Listing, Told} from "./listings.js" */

/** @typedef {"asking" | "connected" | "lost" | "unpaired"} State */

const WORDS = { asking: null, connected: NETWORK.connected, lost: NETWORK.gone, unpaired: NETWORK.gone };

export class Network {
  /**
   * @param {Object} told
   * @param {() => Told | null} told.last the list that is shown without the server
   * @param {() => void} told.onBack told when it answers again
   * @param {() => boolean} told.needsSignIn whether the server takes nothing from nobody
   * @param {string} [told.timeZone]
   */
  constructor({ last, onBack, needsSignIn, timeZone }) {
    this.last = last;
    this.onBack = onBack;
    this.needsSignIn = needsSignIn;
    this.timeZone = timeZone;
    /** @type {State} */
    this.state = "asking";
  }

  /** @param {Listing} listing */
  heard(listing) {
    if (listing.kind === "silence") this.become("lost");
    else if (listing.kind === "problem" && listing.status === 401) this.become("unpaired");
    else this.become("connected");
    // What this device may not, it may not however often it asks: that stays on the page.
    if (listing.kind === "problem" && listing.status === 403) this.trouble(problem(listing));
  }

  /** @param {State} state */
  become(state) {
    const isBack = state === "connected" && this.state !== state;
    this.state = state;
    element("connection", HTMLElement).dataset.state = state;
    const said = WORDS[state];
    element("connection-text", HTMLElement).textContent = said && word(said);
    this.trouble(this.sentence());
    if (isBack) this.onBack();
  }

  sentence() {
    if (this.state === "unpaired") return word(NETWORK.unpaired);
    if (this.state !== "lost") return this.needsSignIn() ? word(NETWORK.signInFirst) : "";
    const last = this.last();
    if (!last) return word(NETWORK.lostBlank);
    return word(NETWORK.lost, clockTime(new Date(last.server_time), this.timeZone));
  }

  /** Says it once: what is an alert is read out whenever it is set. @param {string} sentence */
  trouble(sentence) {
    const place = element("trouble", HTMLElement);
    if (place.textContent !== sentence) say(place, sentence);
  }
}

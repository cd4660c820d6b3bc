/**
 * Pictures of perks, kept for the time without a network: fetched whenever the page was told of perks,
 * and given by the service worker.
 */

/** @import {KnownPerk} from "../rules/state.js" */

/** The worker gives pictures from it. */
const CACHE = "keepsake-pictures";

/** @typedef {Pick<Cache, "put" | "delete" | "keys">} Shelf */

/** @typedef {{fetch: typeof fetch, open: () => Promise<Shelf | null>}} Surroundings what tests replace */

/** @type {Surroundings} */
const BROWSER = {
  fetch: (input, init) => fetch(input, init),
  // Only a secure address has one; then a picture is shown as long as there is a network.
  open: async () => (typeof caches === "undefined" ? null : caches.open(CACHE)),
};

export class Pictures {
  /** @param {Surroundings} [surroundings] */
  constructor(surroundings = BROWSER) {
    this.surroundings = surroundings;
    /** @type {Record<string, KnownPerk>} */
    this.perks = {};
  }

  /**
   * @param {number | undefined} number a perk's
   * @returns {string} its picture's address; empty where it has none
   */
  address(number) {
    return this.perks[String(number)]?.picture ?? "";
  }

  /**
   * The perks are these now: their pictures are fetched, where they changed, and others forgotten.
   * @param {Record<string, KnownPerk>} perks
   */
  async know(perks) {
    if (this.perks === perks) return;
    this.perks = perks;
    const wanted = Object.values(perks).flatMap(({ picture }) => picture ?? []);
    const shelf = await this.surroundings.open().catch(() => null);
    if (!shelf) return;
    await Promise.all(wanted.map((address) => this.keep(shelf, address).catch(() => {})));
    for (const request of await shelf.keys()) {
      if (!wanted.includes(new URL(request.url).pathname)) await shelf.delete(request);
    }
  }

  /**
   * @param {Shelf} shelf
   * @param {string} address
   */
  async keep(shelf, address) {
    const answer = await this.surroundings.fetch(address, { cache: "no-cache" });
    if (answer.ok) await shelf.put(address, answer);
    else if (answer.status === 404) await shelf.delete(address);
  }
}

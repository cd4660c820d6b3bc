/**
 * Tells a voucher that is still held before the camera from one that is shown again. Pure: the
 * time comes in, in milliseconds.
 */

/** @import {Entry} from "./entry.js" */
/** @import {Mode, Outcome} from "./contract.js" */
/** @import {Errand} from "./supervisor/errands.js" */
/** @import {Ends} from "./hold/held.js" */

/** After its answer a code rests for so long. */
export const REST_MS = 5000;

/** A refused code that was out of sight for so long, and has rested, may be asked about again. */
export const GONE_MS = 1500;

/**
 * @typedef {Object} Sighting
 * @property {Entry} entry
 * @property {Mode} mode
 * @property {number} seenAt
 * @property {number | null} answeredAt null while the server is asked
 * @property {Outcome | null} outcome
 * @property {boolean} identityConfirmed whether staff have looked who it is
 * @property {string | null} follows the attempt after whose answer they looked
 * @property {number} uses how many are taken at once
 * @property {Ends | null} ends the hold that staff end
 * @property {number} heldUntil until when what it came to is held, on the clock of `seenAt`
 * @property {{attemptId: string, reason: string} | null} undoes the redemption to take back
 * @property {boolean} supervised whether a supervisor decided it, before the page was loaded anew
 * @property {Errand | null} errand what a supervisor asks in its place
 */

const TAKEN_BACK = ["released", "undone"];

/**
 * What a follow-up says besides the code.
 * @typedef {"identityConfirmed" | "follows" | "uses" | "ends" | "undoes" | "errand" | "supervised"} Said
 * @typedef {Partial<Pick<Sighting, Said>>} More
 */

export class Repeats {
  constructor() {
    /** @type {Sighting[]} */
    this.sightings = [];
  }

  /**
   * The sighting that this one only repeats, or null where it has to be handled.
   * @param {Entry} entry
   * @param {Mode} mode
   * @param {number} now
   * @returns {Sighting | null}
   */
  find(entry, mode, now) {
    this.sightings = this.sightings.filter((each) => rests(each, now));
    const same = this.sightings.find((each) => each.mode === mode && repeats(each, entry));
    if (same) same.seenAt = now;
    return same ?? null;
  }

  /**
   * As `find()`, for a code that somebody gave on purpose: it is a repeat only while its first
   * answer is fresh, however often it was given since. What staff took back is none.
   * @param {Entry} entry
   * @param {Mode} mode
   * @param {number} now
   * @returns {Sighting | null}
   */
  findFresh(entry, mode, now) {
    const isFresh = (/** @type {Sighting} */ { answeredAt, outcome }) =>
      answeredAt === null
      || (now - answeredAt < REST_MS && !wasTakenBack(outcome));
    return this.sightings.find((each) => each.mode === mode && repeats(each, entry) && isFresh(each))
      ?? null;
  }

  /**
   * @param {Entry} entry
   * @param {Mode} mode
   * @param {number} now
   * @param {More} [more]
   * @returns {Sighting}
   */
  begin(entry, mode, now, more = {}) {
    this.sightings = this.sightings.filter((each) => each.entry.text !== entry.text);
    /** @type {Sighting} */
    const sighting = {
      entry, mode, seenAt: now, answeredAt: null, outcome: null, heldUntil: 0, errand: null,
      identityConfirmed: false, follows: null, uses: 1, ends: null, undoes: null, supervised: false, ...more,
    };
    this.sightings.push(sighting);
    return sighting;
  }
}

/** @param {Outcome | null} outcome */
function wasTakenBack(outcome) {
  return outcome?.kind === "answer" && TAKEN_BACK.includes(outcome.answer.verdict);
}

/**
 * @param {Sighting} sighting
 * @returns {boolean} whether the server said yes
 */
function accepted({ outcome }) {
  return outcome?.kind === "answer" && ["redeemed", "reserved", "valid"].includes(outcome.answer.verdict);
}

/**
 * @param {Sighting} sighting
 * @param {number} now
 */
function rests(sighting, now) {
  if (sighting.answeredAt === null) return true;
  if (now - sighting.answeredAt < REST_MS) return true;
  // A hand shakes and a frame is lost: what was accepted must not turn into "already used" by it.
  return now - sighting.seenAt < (accepted(sighting) ? REST_MS : GONE_MS);
}

/**
 * The same text is a repeat. Another text of the same voucher is one only after a yes: a picture
 * that was refused is followed by the live code, and that must be judged at once. After staff took
 * something back, the phone is still before the camera.
 * @param {Sighting} sighting
 * @param {Entry} entry
 */
function repeats(sighting, entry) {
  if (sighting.entry.text === entry.text) return true;
  return entry.voucher !== null && entry.voucher === sighting.entry.voucher
    && (accepted(sighting) || wasTakenBack(sighting.outcome));
}

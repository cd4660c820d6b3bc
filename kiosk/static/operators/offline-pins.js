/**
 * Knows the PINs of those who signed in here with a network, for when there is none. Guesses are few,
 * and counted on the disk before anybody looks whether they are right.
 */

import { ROUNDS, matches, newKey, prove } from "./proofs.js";

/** @import {Facts} from "../offline/sync.js" */
/** @import {Admitted} from "./holding.js" */
/** @import {Proof} from "./proofs.js" */

/**
 * @typedef {Object} Kept
 * @property {CryptoKey | null} key
 * @property {Record<string, Proof & {pinNumber: number}>} proofs by the operator's id
 * @property {number} wrong guesses since the last right one, at whomever's PIN
 * @property {Record<string, number>} guessed wrong guesses at each one's PIN since that was last right,
 *   by the operator's id: nobody's right PIN makes them more at another's
 * @property {number} lockedUntil
 * @property {number} latest no guess is looked at as of an earlier moment: a clock that is set back
 *   opens nothing again
 */

/**
 * unknown: this device has nothing to know the PIN by. too_long: it has not heard from the server for
 * longer than it may act alone. too_often: that PIN was guessed so often that only the server may look.
 * @typedef {{kind: "right"} | {kind: "wrong", left: number} | {kind: "locked", until: number}
 *   | {kind: "unknown"} | {kind: "too_long"} | {kind: "too_often"}} Looked
 */

const PINS = "pins";
export const GUESSES = 5;
/** After so many at one PIN, however long they took, that one needs a network. */
export const MOST_GUESSES = 20;
export const LOCKED_MS = 15 * 60 * 1000;

export class OfflinePins {
  /**
   * @param {Facts} facts
   * @param {number} [rounds]
   */
  constructor(facts, rounds = ROUNDS) {
    this.facts = facts;
    this.rounds = rounds;
    this.kept = nothing();
  }

  async open() {
    this.kept = { ...nothing(), ...(await this.facts.get(PINS)) };
  }

  /**
   * The server has just found this PIN to be right.
   * @param {string} id
   * @param {number} pinNumber
   * @param {string} pin
   * @returns {Promise<void>}
   */
  async learn(id, pinNumber, pin) {
    const key = this.kept.key ?? await newKey();
    const proof = await prove(pin, key, this.rounds);
    // Another one may have been learnt meanwhile, under a key of its own.
    if (this.kept.key && this.kept.key !== key) return this.learn(id, pinNumber, pin);
    this.kept = { ...this.kept, key, wrong: 0, lockedUntil: 0, guessed: this.without(id) };
    this.kept.proofs = { ...this.kept.proofs, [id]: { ...proof, pinNumber } };
    await this.write();
  }

  /** @param {Admitted} operator */
  knows({ id, has_pin: hasPin, pin_number: pinNumber }) {
    return hasPin && this.kept.proofs[id]?.pinNumber === pinNumber && this.guessed(id) < MOST_GUESSES;
  }

  /**
   * Forgets whoever is not admitted any more, or has a newer PIN.
   * @param {Admitted[]} operators all who may sign in here
   */
  async keepOnly(operators) {
    const stand = new Map(operators.filter((one) => one.has_pin).map((one) => [one.id, one.pin_number]));
    const kept = Object.entries(this.kept.proofs).filter(([id, { pinNumber }]) => pinNumber >= (stand.get(id) ?? Infinity));
    if (kept.length === Object.keys(this.kept.proofs).length) return;
    this.kept = { ...this.kept, proofs: Object.fromEntries(kept) };
    await this.write();
  }

  /**
   * @param {Admitted} operator
   * @param {string} pin
   * @param {{moment: number, until: number}} alone what time it is for the server, and until when
   *   this device may act alone
   * @returns {Promise<Looked>}
   * @throws where the disk takes nothing: then a guess cannot be counted, and none is looked at
   */
  async look(operator, pin, { moment, until }) {
    const { key, proofs, lockedUntil } = this.kept;
    const proof = proofs[operator.id];
    if (this.guessed(operator.id) >= MOST_GUESSES) return { kind: "too_often" };
    if (!key || !proof || !this.knows(operator)) return { kind: "unknown" };
    const now = Math.max(moment, this.kept.latest);
    if (now >= until) return { kind: "too_long" };
    if (now < lockedUntil) return { kind: "locked", until: lockedUntil };
    const left = this.count(operator.id, now);
    await this.write();
    if (await matches(pin, proof, key)) {
      this.kept = { ...this.kept, wrong: 0, lockedUntil: 0, guessed: this.without(operator.id) };
      await this.write();
      return { kind: "right" };
    }
    if (left > 0) return { kind: "wrong", left };
    return this.knows(operator) ? { kind: "locked", until: now + LOCKED_MS } : { kind: "too_often" };
  }

  /**
   * Counts a guess as wrong; nothing is awaited between looking at the counts and raising them.
   * @param {string} id whose PIN is guessed
   * @param {number} now
   * @returns {number} how many more may be wrong
   */
  count(id, now) {
    const wrong = this.kept.wrong + 1, atThis = this.guessed(id) + 1;
    const left = Math.min(GUESSES - wrong, (MOST_GUESSES - atThis) % GUESSES);
    this.kept.guessed = { ...this.kept.guessed, [id]: atThis };
    const counted = left > 0 ? { wrong } : { wrong: 0, lockedUntil: now + LOCKED_MS };
    this.kept = { ...this.kept, ...counted, latest: now };
    return left;
  }

  /** @param {string} id */
  guessed(id) {
    return this.kept.guessed[id] ?? 0;
  }

  /** @param {string} id of whoever's PIN was right: nobody else's guesses are forgotten for it */
  without(id) {
    const { [id]: _, ...guessed } = this.kept.guessed;
    return guessed;
  }

  /** This browser stands for no device any more. */
  async forget() {
    this.kept = nothing();
    await this.facts.set(PINS, undefined);
  }

  async write() {
    await this.facts.set(PINS, this.kept);
  }
}

/** @returns {Kept} */
function nothing() {
  return { key: null, proofs: {}, wrong: 0, guessed: {}, lockedUntil: 0, latest: 0 };
}

/** Chance that can be repeated: each that takes part has its own, so that none disturbs another's. */

export class Chance {
  /** @param {number} seed @param {number} stream whose it is */
  constructor(seed, stream = 0) {
    this.state = (seed * 0x9e3779b1 + stream * 0x85ebca6b + 0x6d2b79f5) >>> 0;
  }

  /** @returns {number} from 0 up to 1, as of mulberry32 */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let bits = this.state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} share of 1 */
  is(share) {
    return this.next() < share;
  }

  /** @param {number} end */
  below(end) {
    return Math.floor(this.next() * end);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** One of the keys, as often as its weight says. @param {Record<string, number>} weights */
  of(weights) {
    let at = this.next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    return Object.entries(weights).find(([, weight]) => (at -= weight) < 0)?.[0] ?? Object.keys(weights)[0];
  }

  /** In place. */
  shuffle(list) {
    for (let end = list.length - 1; end > 0; end -= 1) {
      const other = this.below(end + 1);
      [list[end], list[other]] = [list[other], list[end]];
    }
    return list;
  }
}

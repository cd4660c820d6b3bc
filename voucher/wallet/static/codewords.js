// @ts-check
/** The words of a QR symbol: a text's bits, their correction, and which version holds them. */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const HIGHEST = 10;
/** Codewords of error correction in each block, and blocks, by version; for level M. */
const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5];

/** @template T @param {ArrayLike<T>} list @param {number} index @returns {T} */
export function at(list, index) {
  const found = list[index];
  if (found === undefined) throw new RangeError(`no place ${index}`);
  return found;
}

/**
 * All words of a symbol in the order in which they are drawn.
 * @param {string} text @param {number} version @returns {number[]}
 */
export const codewords = (text, version) => withCorrection(dataCodewords(text, version), version);

/** @param {string} text */
export function smallestVersion(text) {
  if ([...text].some((letter) => !ALPHABET.includes(letter))) {
    throw new RangeError("a QR of this kind has digits, upper case and $%*+-./: only");
  }
  for (let version = 1; version <= HIGHEST; version += 1) {
    const bits = 4 + countBits(version) + Math.floor(text.length / 2) * 11 + (text.length % 2) * 6;
    if (bits <= 8 * dataLength(version)) return version;
  }
  throw new RangeError("the text is too long for this QR");
}

/** @param {number} version */
const countBits = (version) => (version < 10 ? 9 : 11);
/** @param {number} version */
const dataLength = (version) => rawLength(version) - at(CORRECTION, version) * at(BLOCKS, version);

/** Codewords that a symbol has room for. @param {number} version */
function rawLength(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const lines = Math.floor(version / 7) + 2;
    modules -= (25 * lines - 10) * lines - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

/** @param {string} text @param {number} version @returns {number[]} */
function dataCodewords(text, version) {
  let bits = "0010" + binary(text.length, countBits(version));
  for (let place = 0; place + 1 < text.length; place += 2) {
    const pair = ALPHABET.indexOf(text.charAt(place)) * 45 + ALPHABET.indexOf(text.charAt(place + 1));
    bits += binary(pair, 11);
  }
  if (text.length % 2) bits += binary(ALPHABET.indexOf(text.slice(-1)), 6);
  const room = 8 * dataLength(version);
  bits += "0".repeat(Math.min(4, room - bits.length));
  bits += "0".repeat((8 - (bits.length % 8)) % 8);
  const words = Array.from({ length: bits.length / 8 }, (_, word) => parseInt(bits.slice(8 * word, 8 * word + 8), 2));
  for (let pad = 0xec; words.length < room / 8; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** @param {number} value @param {number} length */
const binary = (value, length) => value.toString(2).padStart(length, "0");

/** Blocks with their correction, interleaved. @param {number[]} data @param {number} version */
function withCorrection(data, version) {
  const count = at(BLOCKS, version), extra = at(CORRECTION, version);
  const short = Math.floor(data.length / count), long = data.length % count;
  const divisor = generator(extra);
  /** @type {number[][]} */
  const blocks = [];
  for (let block = 0, from = 0; block < count; block += 1) {
    const length = short + (block >= count - long ? 1 : 0);
    blocks.push(data.slice(from, from + length));
    from += length;
  }
  const corrections = blocks.map((block) => remainder(block, divisor));
  return [...interleaved(blocks), ...interleaved(corrections)];
}

/** @param {number[][]} blocks */
function interleaved(blocks) {
  const longest = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: longest }, (_, place) => blocks.flatMap((block) => block[place] ?? [])).flat();
}

/** Multiplies in the field of 256 elements. @param {number} x @param {number} y */
function times(x, y) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((y >>> bit) & 1) * x;
  }
  return product;
}

/** @param {number} degree */
function generator(degree) {
  /** @type {number[]} */
  const result = [...Array(degree - 1).fill(0), 1];
  for (let power = 0, root = 1; power < degree; power += 1, root = times(root, 2)) {
    for (let place = 0; place < degree; place += 1) {
      result[place] = times(at(result, place), root) ^ (result[place + 1] ?? 0);
    }
  }
  return result;
}

/** @param {number[]} data @param {number[]} divisor */
function remainder(data, divisor) {
  let rest = divisor.map(() => 0);
  for (const word of data) {
    const factor = word ^ at(rest, 0);
    rest = [...rest.slice(1), 0].map((value, place) => value ^ times(at(divisor, place), factor));
  }
  return rest;
}

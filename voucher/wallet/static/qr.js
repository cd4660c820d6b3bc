// @ts-check
/**
 * A QR symbol from a text, as ISO/IEC 18004 has it: alphanumeric mode, error correction M, the
 * smallest of versions 1 to 10 that holds it. A voucher's address is version 7. Pure: the phone
 * draws live codes by it without a network.
 */

import { at, codewords, smallestVersion } from "./codewords.js";

export const QUIET_ZONE = 4;

/** @typedef {boolean[][]} Grid rows of modules, true for dark */

/**
 * @param {string} text in QR's alphanumeric set
 * @param {number} [mask] 0 to 7; the best one unless given
 * @returns {Grid} throws RangeError for what it cannot hold
 */
export function encode(text, mask) {
  const version = smallestVersion(text);
  const words = codewords(text, version);
  const masks = mask === undefined ? [0, 1, 2, 3, 4, 5, 6, 7] : [mask];
  const drawn = masks.map((each) => draw(words, version, each));
  const penalties = drawn.map(penalty);
  return at(drawn, penalties.indexOf(Math.min(...penalties)));
}

/**
 * The symbol as the path of an SVG with its quiet zone, in modules.
 * @param {Grid} grid
 * @returns {{span: number, path: string}}
 */
export function pathOf(grid) {
  const parts = grid.flatMap((row, y) => row.map(
    (dark, x) => (dark ? `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z` : ""),
  ));
  return { span: grid.length + 2 * QUIET_ZONE, path: parts.join("") };
}

/** @param {number} version */
const sizeOf = (version) => 17 + 4 * version;

/** @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** @param {number[]} words @param {number} version @param {number} mask @returns {Grid} */
function draw(words, version, mask) {
  const size = sizeOf(version);
  /** @type {(boolean | undefined)[][]} */
  const grid = Array.from({ length: size }, () => Array(size).fill(undefined));
  /** @param {number} x @param {number} y @param {boolean} dark */
  const set = (x, y, dark) => { at(grid, y)[x] = dark; };
  drawPatterns(set, size, version);
  drawFormat(set, size, mask);
  fill(grid, words, at(MASKS, mask));
  return grid.map((row) => row.map((module) => module === true));
}

/** @typedef {(x: number, y: number, dark: boolean) => void} Set */

/** @param {Set} set @param {number} size @param {number} version */
function drawPatterns(set, size, version) {
  for (let place = 0; place < size; place += 1) {
    set(6, place, place % 2 === 0);
    set(place, 6, place % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) drawFinder(set, size, x ?? 0, y ?? 0);
  const lines = alignments(version, size);
  const last = lines.length - 1;
  lines.forEach((x, i) => lines.forEach((y, j) => {
    const taken = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
    if (!taken) drawRings(set, x, y, 2, (ring) => ring !== 1);
  }));
  if (version >= 7) drawVersion(set, size, version);
}

/** @param {Set} set @param {number} size @param {number} x @param {number} y */
function drawFinder(set, size, x, y) {
  drawRings((dx, dy, dark) => {
    if (dx >= 0 && dy >= 0 && dx < size && dy < size) set(dx, dy, dark);
  }, x, y, 4, (ring) => ring !== 2 && ring !== 4);
}

/** @param {Set} set @param {number} x @param {number} y @param {number} radius
 * @param {(ring: number) => boolean} isDark */
function drawRings(set, x, y, radius, isDark) {
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) {
      set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }
}

/** @param {number} version @param {number} size @returns {number[]} */
function alignments(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((4 * version + 4) / (2 * count - 2)) * 2;
  const lines = Array.from({ length: count - 1 }, (_, place) => size - 7 - place * step);
  return [6, ...lines.reverse()];
}

/** @param {Set} set @param {number} size @param {number} version */
function drawVersion(set, size, version) {
  let rest = version;
  for (let bit = 0; bit < 12; bit += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let bit = 0; bit < 18; bit += 1) {
    const a = size - 11 + (bit % 3), b = Math.floor(bit / 3), dark = ((bits >>> bit) & 1) === 1;
    set(a, b, dark);
    set(b, a, dark);
  }
}

/** Level M is 0 in the two bits before the mask's. @param {Set} set @param {number} size
 * @param {number} mask */
function drawFormat(set, size, mask) {
  let rest = mask;
  for (let bit = 0; bit < 10; bit += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  /** @param {number} bit */
  const dark = (bit) => ((bits >>> bit) & 1) === 1;
  for (let bit = 0; bit < 6; bit += 1) set(8, bit, dark(bit));
  set(8, 7, dark(6));
  set(8, 8, dark(7));
  set(7, 8, dark(8));
  for (let bit = 9; bit < 15; bit += 1) set(14 - bit, 8, dark(bit));
  for (let bit = 0; bit < 8; bit += 1) set(size - 1 - bit, 8, dark(bit));
  for (let bit = 8; bit < 15; bit += 1) set(8, size - 15 + bit, dark(bit));
  set(8, size - 8, true);
}

/** Lays the codewords into what is free, two columns at a time, from the right, up and down.
 * @param {(boolean | undefined)[][]} grid @param {number[]} words
 * @param {(x: number, y: number) => boolean} isTurned */
function fill(grid, words, isTurned) {
  const size = grid.length;
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const upwards = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = upwards ? size - 1 - step : step, row = at(grid, y);
      for (const x of [right, right - 1]) {
        if (row[x] !== undefined) continue;
        const dark = (((words[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1) === 1;
        row[x] = dark !== isTurned(x, y);
        bit += 1;
      }
    }
  }
}

/** How hard a symbol is to read, by the standard's four rules. @param {Grid} grid */
function penalty(grid) {
  const size = grid.length;
  const columns = grid.map((_, x) => grid.map((row) => row[x] === true));
  let sum = 0, dark = 0;
  for (const line of [...grid, ...columns]) sum += penaltyOfLine(line.map(Number).join(""));
  grid.forEach((row, y) => row.forEach((module, x) => {
    if (module) dark += 1;
    const square = [row[x + 1], grid[y + 1]?.[x], grid[y + 1]?.[x + 1]];
    if (square.every((other) => other === module)) sum += 3;
  }));
  return sum + 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10));
}

/** @param {string} line */
function penaltyOfLine(line) {
  const runs = line.match(/0{5,}|1{5,}/g) ?? [];
  const long = runs.reduce((sum, run) => sum + run.length - 2, 0);
  const finders = line.match(/(?=00001011101|10111010000)/g) ?? [];
  return long + 40 * finders.length;
}

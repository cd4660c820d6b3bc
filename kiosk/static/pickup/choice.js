/** What of an order staff have in their hands, and what can be done with it. Pure. */

/**
 * @typedef {Object} Line
 * @property {number} line
 * @property {string} item
 * @property {string} variant
 * @property {number} quantity
 * @property {number} left
 * @property {number} collected
 * @property {number} not_found
 * @property {number} returned
 * @property {string | null} shelf
 */

/**
 * @typedef {Object} Order
 * @property {string} id
 * @property {string} number
 * @property {string} state
 * @property {string} since
 * @property {{key: string, name: string, staff_note: string | null, asks_identity: boolean, minimum_age: number | null}} perk
 * @property {{display_name: string}} member
 * @property {Line[]} lines
 */

/** @typedef {{line: number, quantity: number}} Part */
/** @typedef {Map<number, number>} Ticks how many of which line are there */

const HERE = ["ready", "partly_collected"];

/** @param {Order} order */
export function canHandOver({ state }) {
  return HERE.includes(state) || state === "not_found";
}

/** @param {Order} order */
export function canMiss({ state }) {
  return HERE.includes(state);
}

/** @param {Order} order */
export function canReturn({ state, lines }) {
  return state !== "cancelled" && lines.some((line) => taken(line) > 0);
}

/** @param {Order} order @returns {"come" | "move" | null} whether it comes by that, or only moves */
export function canShelve({ state, lines }) {
  if (HERE.includes(state)) return "move";
  if (state === "collected") return lines.some(({ returned }) => returned > 0) ? "come" : null;
  return state === "cancelled" ? null : "come";
}

/** @param {Line} line @returns {number} how many the member has */
export function taken({ collected, returned }) {
  return collected - returned;
}

/**
 * How many of each line can be handed over: what was not found counts once nothing else is left.
 * @param {Order} order
 * @returns {Ticks}
 */
export function able(order) {
  const isLeft = order.lines.some(({ left }) => left > 0);
  const counts = order.lines.map((line) => [line.line, isLeft ? line.left : line.not_found]);
  return new Map(canHandOver(order) ? /** @type {[number, number][]} */ (counts) : []);
}

/**
 * One kind of thing is ticked at once: there is nothing to forget. Of several each is looked for.
 * @param {Order} order
 * @returns {Ticks}
 */
export function start(order) {
  const most = [...able(order)].filter(([, count]) => count > 0);
  return new Map(most.length === 1 ? most : []);
}

/** @param {Ticks} ticks @returns {Part[]} */
export function parts(ticks) {
  return [...ticks].filter(([, quantity]) => quantity > 0).map(([line, quantity]) => ({ line, quantity }));
}

/**
 * What is not there: all that is not ticked, or the whole where all of it was.
 * @param {Order} order
 * @param {Ticks} ticks
 * @returns {Part[]}
 */
export function missing(order, ticks) {
  const left = new Map(order.lines.map(({ line, left }) => [line, left]));
  const rest = parts(new Map([...left].map(([line, count]) => [line, count - (ticks.get(line) ?? 0)])));
  return rest.length ? rest : parts(left);
}

/** @param {Order} order @returns {Part[]} all that the member has */
export function all(order) {
  return parts(new Map(order.lines.map((line) => [line.line, taken(line)])));
}

/** @param {readonly Part[]} some @returns {number} */
export function count(some) {
  return some.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** @param {Line} line @returns {string} such as Poster (A2) */
export function thing({ item, variant }) {
  return variant ? `${item} (${variant})` : item;
}

/**
 * @param {Order} order
 * @param {readonly Part[]} some
 * @returns {string} such as 1 × Poster (A2), 2 × Sticker
 */
export function inWords(order, some) {
  const known = new Map(order.lines.map((line) => [line.line, line]));
  return some
    .map(({ line, quantity }) => [quantity, known.get(line)])
    .map(([quantity, line]) => `${quantity} × ${line ? thing(/** @type {Line} */ (line)) : "?"}`)
    .join(", ");
}

/**
 * What of it is to be fetched where, in few words: what is left, or all of what is over.
 * @param {Order} order
 */
export function summary(order) {
  const isOver = !canHandOver(order);
  return inWords(order, order.lines.map(({ line, left, quantity, not_found }) => {
    return { line, quantity: isOver ? quantity : left || not_found };
  }).filter(({ quantity }) => quantity > 0));
}

/** @param {Order} order @returns {string} its shelves, each once; empty where none is known */
export function shelves({ lines }) {
  const known = lines.filter(({ left, shelf }) => shelf && left > 0);
  return [...new Set((known.length ? known : lines).map(({ shelf }) => shelf ?? ""))].filter(Boolean).join(", ");
}

/**
 * Whether an order is what somebody began to type: as the server finds it.
 * @param {Order} order
 * @param {string} text
 */
export function begins({ number, member }, text) {
  const wanted = text.trim().toLocaleLowerCase();
  if (number.toLocaleLowerCase().startsWith(wanted.replace(/^#/, ""))) return true;
  const name = member.display_name.toLocaleLowerCase();
  return name.startsWith(wanted) || name.split(/[\s-]+/).some((word) => word.startsWith(wanted));
}

/**
 * A day at a fair, as fast as it goes. In: the order, as JSON on standard input. Out: what happened at
 * the desks, as JSON.
 */

import { readFileSync } from "node:fs";
import { register } from "node:module";
import { Chance } from "./chance.mjs";
import { time } from "./time.mjs";

register("./vendor.mjs", import.meta.url);
const { Kiosk } = await import("./kiosk.mjs");
const { Till } = await import("./till.mjs");

const { seed, server, begins, ticks, tickMs, tills, devices, vouchers } = JSON.parse(readFileSync(0, "utf-8"));
const chance = new Chance(seed, 1_000_001);
const desks = devices.map((device, place) => new (place < tills ? Till : Kiosk)(device, server, seed, place));
/** Those that are replaced get a place behind the others. */
const shown = vouchers.map((voucher, index) => ({ ...voucher, index }));

/** What organisers do, and the worker: the server answers what came of it. */
async function control(asked) {
  const answer = await fetch(`${server}/control`, { method: "POST", body: JSON.stringify(asked) });
  return answer.json();
}

/** Who comes when: everybody once, many again, some with a card that is used up or was replaced. */
function visits() {
  const order = chance.shuffle(shown.map(({ index }) => index));
  const plan = Array.from({ length: ticks }, () => desks.map(() => []));
  for (const index of order) {
    const tick = chance.below(ticks), desk = chance.below(desks.length);
    plan[tick][desk].push(index);
    if (!chance.is(0.25)) continue;
    const later = Math.min(ticks - 1, tick + chance.below(6));
    plan[later][chance.is(0.5) ? desk : chance.below(desks.length)].push(index);
  }
  return plan;
}

/** A move of organisers with a voucher; the voucher that stands in for it is shown from then on. */
async function move() {
  const kind = chance.of({ void: 3, restore: 1, reissue: 4, extend: 3, refund: 1 });
  const index = chance.below(shown.length);
  const { made } = await control({ move: kind, index });
  if (made) shown.push({ ...made, index: shown.length, instead: index });
}

const plan = visits();
const revoked = new Set();

/** A kiosk is lost with what it has not sent: that which has most of it. */
function lose() {
  const kiosks = desks.slice(tills).filter((desk) => !revoked.has(desk) && desk.page && !desk.page.isDead);
  const [lost] = kiosks.sort((one, other) => other.left - one.left);
  revoked.add(lost);
  return control({ revoke: lost.id });
}

for (let tick = 0; tick < ticks; tick += 1) {
  time.now = begins + tick * tickMs;
  await control({ at: time.now });
  const moves = Array.from({ length: 3 }, () => move());
  if (tick === ticks / 3 || tick === ticks / 2) moves.push(lose());
  if (chance.is(0.4)) moves.push(control({ seal: true }));
  const latest = shown.length;
  const people = plan[tick].map((there) => there.map((index) => shown[index]));
  // What replaces another card is shown some time by whoever has it now.
  for (let place = vouchers.length; place < latest; place += 1) {
    if (chance.is(0.05)) chance.pick(people).push(shown[place]);
  }
  await Promise.all([...moves, ...desks.map((desk, place) => desk.live(people[place]))]);
}
for (let round = 0; round < 2; round += 1) {
  time.now += 30 * 60_000;
  await control({ at: time.now });
  await Promise.all(desks.map((desk) => desk.finish()));
  await control({ seal: true });
}
process.stdout.write(JSON.stringify({ desks: desks.map((desk) => desk.report()) }), () => process.exit(0));

import assert from "node:assert/strict";
import { test } from "node:test";

import { Loop } from "../../kiosk/static/offline/loop.js";

/** A loop whose rounds come to these, and the pauses after them. */
function loop(...outcomes) {
  const pauses = [];
  let next = () => {};
  const timer = {
    later: (what, ms) => { pauses.push(ms); next = what; return 1; },
    never: () => {},
  };
  const round = async () => {
    const outcome = outcomes.shift();
    if (outcome instanceof Error) throw outcome;
    return outcome ?? true;
  };
  const made = new Loop(round, timer);
  return { loop: made, pauses, turn: () => { next(); return made.running; } };
}

test("it waits ever longer while nothing comes of it, a minute at most", async () => {
  const lost = [false, new Error("no"), false, false, false, false, false];
  const { loop: each, pauses, turn } = loop(...lost, true);
  await each.now();
  for (let round = 1; round < 8; round += 1) await turn();
  assert.deepEqual(pauses, [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 5000]);
});

test("who hurries it during a round gets another one, and both see its end", async () => {
  let rounds = 0;
  let end = () => {};
  const each = new Loop(() => {
    rounds += 1;
    return rounds === 1 ? new Promise((resolve) => { end = () => resolve(true); }) : Promise.resolve(true);
  }, { later: () => 0, never: () => {} });
  const [first, second] = [each.now(), each.now()];
  end();
  await Promise.all([first, second]);
  assert.equal(rounds, 2);
});

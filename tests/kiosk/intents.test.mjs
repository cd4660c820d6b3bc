import assert from "node:assert/strict";
import { test } from "node:test";

import { Alone } from "../../kiosk/static/offline/alone.js";
import { HandOvers } from "../../kiosk/static/offline/hand-overs.js";
import { Intents } from "../../kiosk/static/offline/intents.js";
import { Recalling } from "../../kiosk/static/offline/recalling.js";
import { Scans } from "../../kiosk/static/scans.js";

const CODE = { kind: "code", text: "0000-0000-0000G", voucher: null };
const FOUND = { kind: "reference", text: "V-1", voucher: null };
const redeemed = { verdict: "redeemed", message: "", voucher: { sync_name: "its name", valid_until: null } };
const never = () => new Promise(() => {});
const plain = { identityConfirmed: false };

/** A disk that outlives its pages; what is written to it, in order. */
function disk() {
  const facts = new Map(), handOvers = new Map(), writes = [];
  return {
    writes, handOvers: async () => [...handOvers.values()],
    get: async (name) => structuredClone(facts.get(name)),
    set: async (name, value) => { writes.push(`${name} ${value.length}`); facts.set(name, structuredClone(value)); },
    remember: async (list) => {
      writes.push("handed over");
      for (const each of list) handOvers.set(each.id, structuredClone(each));
    },
    forgetHandOvers: async () => {},
  };
}

/** Waits until something was asked. */
async function written(shelf) {
  while (!shelf.writes.includes("asked 1")) await new Promise(setImmediate);
}

/** One page of a kiosk before a server that does this. */
async function page(shelf, fetch, time = { now: 0 }) {
  const intents = new Intents(shelf), handOvers = new HandOvers(shelf);
  await Promise.all([handOvers.open(), intents.open(time.now)]);
  const synced = { begun: 3, state: null, reading: null, terms: null, surroundings: { now: () => time.now } };
  const alone = new Alone({ synced, handOvers, intents, outbox: {}, verifySignature: never, device: "Door" });
  const decider = {
    isAble: false, isLost: false, owes: async () => false, decide: async () => null, cameBack: () => {},
    asks: (asking) => alone.asks(asking), heard: (...told) => alone.heard(...told),
    unanswered: (...told) => alone.unanswered(...told), handedOver: async () => null,
  };
  const scans = new Scans({ fetch, monotonic: () => 0, pause: async () => {} }, decider);
  const recalling = new Recalling(alone, { fetch, now: () => time.now });
  return { scans, handOvers, intents, recalling, alone };
}

test("what is asked is on the disk before the server is, and what it redeemed before anybody sees it", async () => {
  const shelf = disk();
  const { scans, intents } = await page(shelf, async () => { shelf.writes.push("asked the server"); return Response.json(redeemed); });
  await scans.ask(CODE, "redeem", plain);
  assert.deepEqual(shelf.writes, ["asked 1", "asked the server", "handed over", "asked 0"]);
  await scans.ask(CODE, "check", plain);
  assert.deepEqual([shelf.writes.slice(4), intents.all.size], [["asked the server"], 0]);
});

for (const [what, entry, name] of [["a code", CODE, undefined], ["a reference", FOUND, "its name"]]) {
  test(`a page that ends before it heard of ${what} asks what came of it as it is opened again`, async () => {
    const shelf = disk(), asked = [];
    const first = await page(shelf, never);
    first.scans.ask(entry, "redeem", { ...plain, uses: 2 });
    await written(shelf);
    const { recalling, handOvers, intents } = await page(shelf, async (address) => { asked.push(address); return Response.json(redeemed); });
    const [{ id }] = intents.unanswered;
    await recalling.recall();
    assert.deepEqual(asked, [`/api/v1/scans/${id}`]);
    const [kept] = handOvers.list;
    assert.deepEqual([kept.id, kept.uses, kept.recorded, kept.name.length], [id, 2, 3, (name ?? kept.name).length]);
    assert.equal((await shelf.handOvers()).length, 1);
    await recalling.recall();
    assert.deepEqual([asked.length, intents.all.size], [1, 0]);
  });
}

test("a confirmation that was on its way as the page ended is asked about as well", async () => {
  const shelf = disk();
  const { scans } = await page(shelf, never);
  scans.end(CODE, "redeem", plain, { how: "confirm", attemptId: "a-1", held: { verdict: "reserved" } });
  scans.end(CODE, "redeem", plain, { how: "release", attemptId: "a-2", held: { verdict: "reserved" } });
  await written(shelf);
  const { intents } = await page(shelf, never);
  assert.deepEqual(intents.unanswered.map(({ id }) => id), ["a-1"]);
});

/** What is left of one attempt that got no answer, after the server said this about it. */
async function after(told, now = 0) {
  const shelf = disk(), time = { now: 0 };
  await shelf.set("asked", [{ id: "a", name: "n", uses: 1, since: 0 }]);
  const { recalling, handOvers, intents } = await page(shelf, told, time);
  time.now = now;
  await recalling.recall();
  return [handOvers.list.length, intents.all.size];
}

test("what was not redeemed, or taken back since, was not handed over; silence is asked again", async () => {
  assert.deepEqual(await after(async () => Response.json({ verdict: "closed_now" })), [0, 0]);
  assert.deepEqual(await after(async () => Response.json({ ...redeemed, undone: true })), [0, 0]);
  const unknown = async () => Response.json({ title: "unknown_attempt" }, { status: 404 });
  // It may still be on its way.
  assert.deepEqual(await after(unknown, 59_000), [0, 1]);
  assert.deepEqual(await after(unknown, 61_000), [0, 0]);
  for (const told of [async () => { throw new TypeError("lost"); }, async () => new Response("<html>"), async () => Response.json({ title: "not_found" }, { status: 404 })]) {
    assert.deepEqual(await after(told, 99_000), [0, 1]);
  }
});

test("what is being asked just now is asked by nobody else, and a problem is no hand-over", async () => {
  const shelf = disk();
  const { scans, intents } = await page(shelf, async () => Response.json({ title: "x" }, { status: 422 }));
  const asking = scans.ask(CODE, "redeem", plain);
  assert.deepEqual(intents.unanswered, []);
  await asking;
  assert.equal(intents.all.size, 0);
});

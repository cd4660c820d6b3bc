import assert from "node:assert/strict";
import { test } from "node:test";

import { pack, unpack } from "../../kiosk/static/offline/rows.js";
import { Synced } from "../../kiosk/static/offline/sync.js";

const NOON = "2026-11-27T11:00:00Z";
const TERMS = {
  keys: { keys: [], revoked: [] },
  station: { key: "popup", name: "Pop-up", zone: "Europe/Berlin", hours: null, closed: [] },
  stations: {}, perks: {}, allowance: { number: 5, hours: 2 },
};
const row = (name, left = 0) => [name.padEnd(16, "-"), "open", left, 1795777200, 1795863600];
const told = (more = {}) => ({
  server_time: NOON, cursor: "c1", number: 1, newest_change_at: NOON, waiting_since: null,
  snapshot: false, more: false, terms: null, vouchers: [], ...more,
});

function disk() {
  const kept = new Map();
  return {
    kept,
    get: async (name) => structuredClone(kept.get(name)),
    set: async (name, value) => { kept.set(name, structuredClone(value)); },
  };
}

/** What is synced from a server that gives these answers, one after the other. */
async function synced(facts, ...answers) {
  const asked = [];
  const fetch = async (address) => {
    asked.push(address);
    const answer = answers.shift();
    return answer instanceof Response ? answer : Response.json(answer);
  };
  const known = new Synced(facts, { fetch, now: () => Date.parse(NOON) + 5000 });
  await known.open();
  return { known, asked };
}

test("a snapshot is laid down once all of its pages are there", async () => {
  const pages = [
    told({ snapshot: true, more: true, terms: TERMS, vouchers: [row("a")] }),
    told({ cursor: "c2", vouchers: [row("b", 2)] }),
  ];
  const { known, asked } = await synced(disk(), ...pages);
  assert.equal(await known.sync(), "synced");
  assert.deepEqual(asked, ["/api/v1/sync?waiting=0", "/api/v1/sync?cursor=c1&waiting=0"]);
  assert.deepEqual([...known.state.vouchers.keys()], [row("a")[0], row("b")[0]]);
  assert.equal(known.state.vouchers.get(row("b")[0]).usesLeft, 2);
  assert.equal(known.clock.ahead, 5000);
});

test("half a snapshot is none", async () => {
  const lost = new Response("", { status: 502 });
  const whole = told({ snapshot: true, terms: TERMS, vouchers: [row("a")] });
  const half = told({ cursor: "c2", snapshot: true, more: true, vouchers: [row("b")] });
  const { known, asked } = await synced(disk(), whole, half, lost, told());
  await known.sync();
  assert.equal(await known.sync(), "later");
  assert.deepEqual([...known.state.vouchers.keys()], [row("a")[0]]);
  await known.sync();
  assert.equal(new URL(asked.at(-1), "http://k").searchParams.get("cursor"), "c1");
});

test("a row says by which sync it came, over reloads as well", async () => {
  const facts = disk();
  const first = told({ snapshot: true, terms: TERMS, vouchers: [row("a", 1), row("b", 1)] });
  const { known } = await synced(facts, first, told({ vouchers: [row("b")] }));
  await known.sync();
  await known.sync();
  const syncs = (of) => [...of.state.vouchers.values()].map(({ sync }) => sync);
  assert.deepEqual(syncs(known), [1, 2]);

  const { known: again, asked } = await synced(facts, told({ vouchers: [row("b")] }));
  assert.deepEqual(syncs(again), [1, 1], "the disk has the first one alone: too soon for another");
  await again.open(7);
  await again.sync();
  assert.match(asked[0], /^\/api\/v1\/sync\?cursor=c1&/);
  assert.deepEqual(syncs(again), [1, 8], "what was recorded by a later sync says how many there were");
});

test("each sync says until when all was told, and nothing is decided before that any more", async () => {
  const { known, asked } = await synced(disk(), told({ snapshot: true, terms: TERMS }), told(), told());
  for (const untold of [Infinity, Infinity, Date.parse(NOON) - 60_000]) await known.sync(untold);
  const said = asked.map((address) => new URL(address, "http://k").searchParams.get("told_until"));
  assert.deepEqual(said, [null, "2026-11-27T11:00:00.000Z", "2026-11-27T10:59:00.000Z"]);
});

test("a clock that is set back while a sync is under way makes nothing earlier than what it said", async () => {
  const time = { now: Date.parse(NOON) };
  const fetch = async () => Response.json(told({ snapshot: true, terms: TERMS }));
  const known = new Synced(disk(), { fetch, now: () => time.now });
  await known.sync();
  time.now += 600_000;
  const under_way = known.sync();
  time.now -= 900_000;
  assert.equal(known.reading.moment, Date.parse(NOON) + 600_000);
  await under_way;
});

test("the page of a network in between, and a server that knows no sync, teach nothing", async () => {
  const portal = new Response("<html>Sign in</html>");
  const { known } = await synced(disk(), portal, ["hello"], new Response("", { status: 401 }));
  for (let times = 0; times < 3; times += 1) assert.equal(await known.sync(), "later");
  assert.equal(known.state, null);
});

test("a time zone that the browser does not know is found when it is told", async () => {
  const station = { ...TERMS.station, zone: "Europe/Atlantis" };
  const moved = told({ terms: TERMS });
  const { known } = await synced(disk(), told({ snapshot: true, terms: { ...TERMS, station } }), moved);
  await known.sync();
  assert.equal(known.state, null);
  assert.equal(known.complaint, "no_zone");
  await known.sync();
  assert.equal(known.complaint, "");
});

test("the allowance lasts from the last sync on, and what stands still makes what is known older", async () => {
  const since = "2026-11-27T10:50:00Z";
  const { known } = await synced(disk(), told({ snapshot: true, terms: TERMS, waiting_since: since }));
  await known.sync();
  assert.deepEqual(known.allowance, { number: 5, until: Date.parse(NOON) + 2 * 3_600_000 });
  assert.equal(known.asOf, Date.parse(since));
});

test("a disk that is full takes nothing away from what is known", async () => {
  const full = { get: async () => undefined, set: async () => { throw new Error("full"); } };
  const { known } = await synced(full, told({ snapshot: true, terms: TERMS, vouchers: [row("a")] }));
  assert.equal(await known.sync(), "synced");
  assert.equal(known.state.vouchers.size, 1);
});

test("rows come off the disk as they were, but for those that ended long ago", () => {
  const vouchers = new Map([
    ["a".repeat(16), { standing: "void", usesLeft: 3, validFrom: 100, validUntil: 200_000, sync: 4 }],
    ["b".repeat(16), { standing: "open", usesLeft: 0, validFrom: 100, validUntil: 200, sync: 5 }],
  ]);
  assert.deepEqual(unpack(pack(vouchers), 1000), vouchers);
  assert.deepEqual([...unpack(pack(vouchers), 100_000).keys()], ["a".repeat(16)]);
});

test("who stands for no device any more knows nothing, also after a reload", async () => {
  const facts = disk();
  const { known } = await synced(facts, told({ snapshot: true, terms: TERMS, vouchers: [row("a")] }));
  await known.sync();
  await known.forget();
  assert.equal(known.state, null);
  const { known: again, asked } = await synced(facts, told({ snapshot: true, terms: TERMS }));
  assert.equal(again.state, null);
  await again.sync();
  assert.deepEqual(asked, ["/api/v1/sync?waiting=0"]);
});

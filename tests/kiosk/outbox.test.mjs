import assert from "node:assert/strict";
import { test } from "node:test";

import { earliestUntold } from "../../kiosk/static/offline/items.js";
import { AT_ONCE, Outbox } from "../../kiosk/static/offline/outbox.js";

const told = { verdict: "redeemed", perk: "Pin", name: "a".repeat(16), uses: 1 };
const scan = (id) => ({ attempt_id: id, mode: "redeem" });
const yes = { verdict: "redeemed", conflict: null };

/** A disk that outlives the page. */
function disk() {
  const kept = new Map();
  return {
    kept,
    put: async (item) => { kept.set(item.id, structuredClone(item)); },
    all: async () => [...kept.values()].map((item) => structuredClone(item)),
  };
}

/** A server that answers each batch by this function of its scans; requests are counted. */
function server(answer) {
  const batches = [];
  const fetch = async (_address, init) => {
    const { scans } = JSON.parse(init.body);
    batches.push(scans.map((each) => each.attempt_id));
    return answer(scans, batches.length);
  };
  return { batches, fetch, now: () => 0 };
}

const each = (of) => (scans) => Response.json({ answers: scans.map(of) });

async function outbox(shelf, surroundings, ...ids) {
  const box = new Outbox(shelf, () => {}, surroundings);
  await box.open();
  for (const id of ids) await box.add(scan(id), told);
  return box;
}

test("a decision is on the disk before anybody is told of it", async () => {
  let done = () => {};
  const shelf = { put: () => new Promise((resolve) => { done = resolve; }), all: async () => [] };
  const box = new Outbox(shelf);
  let shown = false;
  const adding = box.add(scan("a"), told).then(() => { shown = true; });
  await new Promise(setImmediate);
  assert.equal(shown, false);
  done();
  await adding;
  assert.equal(shown, true);
});

test("what the disk refuses is not kept as if it were safe", async () => {
  const shelf = { put: async () => { throw new Error("the disk is full"); }, all: async () => [] };
  const box = new Outbox(shelf);
  await assert.rejects(box.add(scan("a"), told), /full/);
  assert.deepEqual(box.count, { waiting: 0, parked: 0, conflicts: 0 });
});

test("all of it goes up in order, in parcels", async () => {
  const ids = Array.from({ length: AT_ONCE + 3 }, (_, index) => `s${index}`);
  const { batches, ...surroundings } = server(each(() => yes));
  const box = await outbox(disk(), surroundings, ...ids);
  assert.equal(await box.upload(), true);
  assert.deepEqual(batches.flat(), ids);
  assert.deepEqual(batches.map((batch) => batch.length), [AT_ONCE, 3]);
  assert.deepEqual(box.count, { waiting: 0, parked: 0, conflicts: 0 });
});

test("a page that was killed in mid-upload goes on as the same attempts", async () => {
  const shelf = disk();
  const killed = server(() => new Promise(() => {}));
  (await outbox(shelf, killed, "a", "b")).upload();
  await new Promise(setImmediate);
  const { batches, ...surroundings } = server(each(() => ({ ...yes, replayed: true })));
  const again = await outbox(shelf, surroundings);
  assert.equal(await again.upload(), true);
  assert.deepEqual([killed.batches, batches], [[["a", "b"]], [["a", "b"]]]);
});

for (const status of [401, 403, 408, 425, 429, 500, 502, 503]) {
  test(`${status} keeps everything waiting`, async () => {
    const { batches, ...surroundings } = server(() => new Response("", { status }));
    const box = await outbox(disk(), surroundings, "a", "b");
    assert.equal(await box.upload(), false);
    assert.equal(box.count.waiting, 2);
    assert.equal(batches.length, 1);
  });

  test(`${status} for one of them keeps it waiting and holds up no other, also not the next parcel`, async () => {
    const of = (one) => (one.attempt_id === "s1" ? { status, title: "Later" } : yes);
    const ids = Array.from({ length: AT_ONCE + 2 }, (_, index) => `s${index}`);
    const { batches, ...surroundings } = server(each(of));
    const box = await outbox(disk(), surroundings, ...ids);
    assert.equal(await box.upload(), false);
    assert.deepEqual(box.waiting.map((item) => item.id), ["s1"]);
    assert.deepEqual(batches.map((batch) => batch.length), [AT_ONCE, 2]);
  });
}

for (const status of [400, 409, 413, 422]) {
  test(`${status} for one of them parks it for a person and holds up no other`, async () => {
    const of = (one) => (one.attempt_id === "b" ? { status, detail: "Not like this." } : yes);
    const { batches, ...surroundings } = server(each(of));
    const shelf = disk();
    const box = await outbox(shelf, surroundings, "a", "b", "c");
    assert.equal(await box.upload(), true);
    assert.deepEqual(box.count, { waiting: 0, parked: 1, conflicts: 0 });
    assert.equal(shelf.kept.get("b").problem.detail, "Not like this.");
    assert.deepEqual(shelf.kept.get("b").body, scan("b"));
    await box.unpark("b");
    await box.upload();
    assert.deepEqual(batches, [["a", "b", "c"], ["b"]]);
  });

  test(`${status} for a whole parcel finds the one that is the matter`, async () => {
    const answer = (scans) => (scans.some((one) => one.attempt_id === "b")
      ? new Response("", { status })
      : Response.json({ answers: scans.map(() => yes) }));
    const { batches, ...surroundings } = server(answer);
    const box = await outbox(disk(), surroundings, "a", "b", "c", "d");
    assert.equal(await box.upload(), true);
    assert.deepEqual(box.count, { waiting: 0, parked: 1, conflicts: 0 });
    assert.equal(box.items.get("b").state, "parked");
    assert.ok(batches.length < 8);
  });
}

for (const [name, answer] of Object.entries({
  "a network that is gone": () => { throw new TypeError("no network"); },
  "a page in between": () => new Response("<html>Sign in</html>"),
  "too few answers": () => Response.json({ answers: [] }),
  "an answer that is none": (scans) => Response.json({ answers: scans.map(() => null) }),
})) {
  test(`${name} loses nothing`, async () => {
    const box = await outbox(disk(), server(answer), "a", "b");
    assert.equal(await box.upload(), false);
    assert.deepEqual(box.waiting.map((item) => item.id), ["a", "b"]);
  });
}

test("a conflict is settled and counted", async () => {
  const surroundings = server(each(() => ({ verdict: "already_redeemed", conflict: "c1" })));
  const box = await outbox(disk(), surroundings, "a");
  assert.equal(await box.upload(), true);
  assert.deepEqual(box.count, { waiting: 0, parked: 0, conflicts: 1 });
});

test("two who upload at once send each parcel once", async () => {
  const { batches, ...surroundings } = server(each(() => yes));
  const box = await outbox(disk(), surroundings, "a");
  assert.deepEqual(await Promise.all([box.upload(), box.upload()]), [true, true]);
  assert.equal(batches.length, 1);
});

test("a moment that was still to come is sent as when the server was heard again", async () => {
  const sent = [];
  const fetch = async (_address, init) => {
    const { scans } = JSON.parse(init.body);
    sent.push(...scans);
    return Response.json({ answers: scans.map(() => yes) });
  };
  const box = await outbox(disk(), { fetch, now: () => 0 });
  const judged = { judged_at: "2026-11-27T11:20:00.000Z", synced_at: "2026-11-27T10:00:00.000Z", skew_ms: 0 };
  await box.add({ ...scan("a"), offline: { verdict: "redeemed", ...judged } }, told);
  await box.upload(Date.parse("2026-11-27T11:00:00Z"));
  assert.deepEqual(sent[0].offline, { verdict: "redeemed", ...judged, skew_ms: 20 * 60_000 });
});

test("uses count against the allowance until the server has answered, and refusals never", async () => {
  const refused = { ...told, verdict: "expired" };
  const box = await outbox(disk(), server(each(() => yes)), "a");
  await box.add(scan("b"), refused);
  assert.equal(box.usesWaiting, 1);
  await box.upload();
  assert.equal(box.usesWaiting, 0);
});

test("what waits, and what the server does not take, is untold since it was decided", async () => {
  const decided = (minute) => ({ verdict: "expired", judged_at: `2026-11-27T11:0${minute}:00Z`, synced_at: "2026-11-27T10:00:00Z", skew_ms: 30_000 });
  const of = (one) => (one.attempt_id === "b" ? { status: 422, detail: "No." } : yes);
  const box = await outbox(disk(), server(each(of)));
  assert.equal(earliestUntold([...box.items.values()]), Infinity);
  for (const [place, id] of ["a", "b"].entries()) await box.add({ ...scan(id), offline: decided(place) }, told);
  assert.equal(earliestUntold([...box.items.values()]), Date.parse("2026-11-27T10:59:30Z"));
  await box.upload();
  assert.equal(earliestUntold([...box.items.values()]), Date.parse("2026-11-27T11:00:30Z"));
});

test("it is said whose it is", async () => {
  const sent = [];
  const fetch = async (_address, init) => { sent.push(JSON.parse(init.body).device); return new Response("", { status: 403 }); };
  const box = new Outbox(disk(), () => {}, { fetch, now: () => 0 }, "dev_1");
  await box.add(scan("a"), told);
  assert.equal(await box.upload(), false);
  assert.deepEqual([sent, box.count.waiting], [["dev_1"], 1]);
});

test("a conflict is counted until somebody has seen it", async () => {
  const shelf = disk();
  const clash = { verdict: "already_redeemed", conflict: "c-1" };
  const box = await outbox(shelf, server(each(() => clash)), "a");
  await box.upload();
  assert.equal(box.count.conflicts, 1);
  await box.close("a", "seen");
  assert.equal(box.count.conflicts, 0);
  assert.equal((await outbox(shelf, server(each(() => clash)))).count.conflicts, 0);
});

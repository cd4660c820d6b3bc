import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";

register("./simulation/vendor.mjs", import.meta.url);
const { Standby } = await import("../../kiosk/static/offline/standby.js");

const told = { verdict: "redeemed", perk: "Pin", name: "a".repeat(16), uses: 1 };
const offline = { verdict: "redeemed", judged_at: "2026-11-27T11:00:00.000Z", synced_at: "2026-11-27T10:00:00Z", skew_ms: 0 };
const waiting = { id: "a", place: 1, state: "waiting", body: { attempt_id: "a", offline }, told, since: 0, tries: 0, answer: null, sentence: null };

/** A kiosk whose disk has one hand-over that waits; whose cookie says this to `/kiosk/status`. */
async function kiosk(state, status = null) {
  const sent = [];
  const disk = {
    all: async () => [waiting], put: async () => {}, forget: async () => {}, handOvers: async () => [],
    remember: async () => {}, forgetHandOvers: async () => {}, get: async () => undefined, set: async () => {},
  };
  const fetch = async (address, init) => {
    sent.push([address, init.body && JSON.parse(init.body)]);
    return Response.json({ answers: [{ verdict: "revoked_device", conflict: "c" }] });
  };
  const connection = { state, become: () => {}, ask: async () => status };
  const surroundings = { fetch, now: () => 0, openDisk: async () => disk };
  const operators = { open: async () => {}, told: async () => {}, forget: async () => {} };
  const standby = new Standby({ operators, deviceId: "dev_1", device: "Door", connection, undo: async () => ({ kind: "silence" }), onChange: () => {}, surroundings });
  standby.loop.timer = { later: () => 0, never: () => {} };
  await standby.open();
  await standby.loop.running;
  return { standby, sent };
}

test("a kiosk that was revoked still tells what it did before, in its own name, and asks for no more", async () => {
  const { standby, sent } = await kiosk("unpaired");
  assert.deepEqual(sent, [["/api/v1/scans/batch", { device: "dev_1", scans: [waiting.body] }]]);
  assert.equal(standby.alone.outbox.count.waiting, 0);
  assert.deepEqual(["a", "b"].map((id) => standby.isConflict(id)), [true, false]);
});

test("a kiosk that only lost its network sends nothing", async () => {
  const { sent } = await kiosk("lost");
  assert.deepEqual(sent, []);
});

test("a browser that stands for another device now tells nothing of the one before", async () => {
  const { standby, sent } = await kiosk("connected", { device: { id: "dev_2" }, server_time: "2026-11-27T11:00:00Z" });
  await standby.round();
  assert.deepEqual(sent, []);
});

test("a sync says since when something still waits", async () => {
  const { standby, sent } = await kiosk("lost");
  standby.alone.synced.clock = { ahead: 0, syncedAt: 0, latest: Date.parse("2026-11-27T12:00:00Z") };
  await standby.sync(standby.alone);
  assert.equal(sent[0][0], "/api/v1/sync?told_until=2026-11-27T11%3A00%3A00.000Z&waiting=1");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { LeftBehind } from "../../kiosk/static/left-behind/left-behind.js";

const told = { verdict: "redeemed", perk: "Pin", name: "a".repeat(16), uses: 1 };
const item = (id, state = "waiting") => ({
  id, place: 1, state, body: { attempt_id: id }, told, since: 0, tries: 0, answer: null, problem: null,
});

/** A browser that stood for devices whose disks have this, and whose server answers so. */
async function browser(disks, answers, held = []) {
  const sent = [];
  const left = new LeftBehind({
    devices: async () => Object.keys(disks),
    hold: async (device) => !held.includes(device),
    openDisk: async (device) => ({ all: async () => disks[device], put: async () => {} }),
    fetch: async (_, { body }) => {
      const { device, scans } = JSON.parse(body);
      sent.push([device, scans.map(({ attempt_id: id }) => id)]);
      return answers.shift()?.(scans) ?? Response.json({ answers: scans.map(() => ({ verdict: "revoked_device" })) });
    },
  });
  await left.open();
  return { left, sent };
}

test("each device tells what it did in its own name, and what was told is over", async () => {
  const { left, sent } = await browser({ dev_1: [item("a"), item("b", "settled")], dev_2: [item("c", "settled")], dev_3: [item("d")] }, []);
  assert.equal(left.count, 2);
  assert.equal(await left.send(), true);
  assert.deepEqual(sent, [["dev_1", ["a"]], ["dev_3", ["d"]]]);
  assert.deepEqual([left.count, left.isAny], [0, true]);
});

test("a browser that has nothing to tell says nothing, nor one whose kiosk is open in another tab", async () => {
  assert.equal((await browser({ dev_1: [item("a", "settled")] }, [])).left.isAny, false);
  assert.equal((await browser({ dev_1: [item("a")] }, [], ["dev_1"])).left.isAny, false);
});

test("what gets through later is sent then, and what is not taken any more is told apart", async () => {
  const lost = () => { throw new TypeError("no network"); };
  const gone = () => new Response("{}", { status: 401 });
  const { left } = await browser({ dev_1: [item("a")] }, [lost, gone]);
  assert.deepEqual([await left.send(), left.isRefused, left.count], [false, false, 1]);
  assert.deepEqual([await left.send(), left.isRefused, left.count], [false, true, 1]);
  assert.deepEqual([await left.send(), left.isRefused, left.count], [true, false, 0]);
});

test("what was not taken as it is waits for a person, who tries it again", async () => {
  const { left, sent } = await browser({ dev_1: [item("a", "parked")] }, []);
  assert.deepEqual([await left.send(), left.count, left.isStuck, sent.length], [true, 1, true, 0]);
  assert.deepEqual([await left.again(), left.count], [true, 0]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { checksOf, verdictOf } from "../../kiosk/static/drill/checks.js";
import { DRILL } from "../../kiosk/static/words/drill.js";
import { FIGURES } from "../../kiosk/static/words/figures.js";
import { GOODS } from "../../kiosk/static/words/goods.js";
import { HOLD } from "../../kiosk/static/words/hold.js";
import { LENS } from "../../kiosk/static/words/lens.js";

const NOON = Date.parse("2031-05-03T12:00:00Z");
const mug = { item: "mug", variant: "", name: "Mug", on_hand: 5, free: 5, low: false };
const READY = {
  now: NOON, timeZone: "Europe/Berlin",
  camera: { isRunning: true, isReading: true, sawCode: true },
  sound: { isOn: true, heard: true }, canShake: true,
  network: { isConnected: true, isUnpaired: false, roundTripMs: 80 }, skewMs: 900,
  knows: { isAble: true, asOf: NOON - 60_000, complaint: "" },
  queue: { waiting: 0, forPeople: 0 }, disk: { isPersisted: true, isInstalled: true }, stock: [mug],
  holder: { operator: "Mia", may: ["redeem", "undo"], isCheckOnly: false }, battery: { level: 0.9, isCharging: false },
};

/** What one part is found to be, with this else than ready. */
function state(key, more) {
  return checksOf({ ...READY, ...more }).find((check) => check.key === key)?.state;
}

test("a device with all of it is ready, and every part says so", () => {
  const checks = checksOf(READY);
  assert.deepEqual(verdictOf(checks), { state: "go", word: "Ready" });
  assert.ok(checks.every(({ sentence }) => sentence.length > 2));
  assert.equal(checks.length, 13);
});

test("what keeps a desk from opening is a no-go, and what does not is to be looked at", () => {
  const { camera, network, knows, disk, holder } = READY;
  assert.deepEqual([
    state("camera", { camera: { ...camera, isRunning: false } }),
    state("camera", { camera: { ...camera, isReading: false } }),
    state("camera", { camera: { ...camera, sawCode: false } }),
  ], ["no", "no", "ask"]);
  assert.deepEqual([
    state("network", { network: { ...network, roundTripMs: 1400 } }),
    state("network", { network: { ...network, isConnected: false, roundTripMs: null } }),
    state("network", { network: { ...network, isConnected: false, roundTripMs: null }, knows: { ...knows, isAble: false } }),
    state("network", { network: { ...network, isUnpaired: true } }),
  ], ["look", "look", "no", "no"]);
  assert.deepEqual([31_000, -31_000, 121_000, null].map((skewMs) => state("clock", { skewMs })), ["look", "look", "no", "look"]);
  assert.deepEqual([60, 130, 3700].map((seconds) => state("knows", { knows: { ...knows, asOf: NOON - seconds * 1000 } })), ["go", "look", "no"]);
  assert.equal(state("knows", { knows: { ...knows, complaint: "Open in another tab." } }), "no");
  assert.deepEqual([null, false].map((heard) => state("sound", { sound: { isOn: true, heard } })), ["ask", "look"]);
  assert.equal(state("sound", { sound: { isOn: false, heard: true } }), "look");
  assert.equal(state("shake", { canShake: false }), "go");
  assert.deepEqual([[1, 0], [0, 2]].map(([waiting, forPeople]) => state("queue", { queue: { waiting, forPeople } })), ["look", "look"]);
  assert.equal(state("page", { disk: { ...disk, isInstalled: false } }), "look");
  assert.equal(state("disk", { disk: { ...disk, isPersisted: null } }), "look");
  assert.equal(state("may", { holder: { ...holder, may: [] } }), "look");
  assert.equal(state("may", { holder: { ...holder, isCheckOnly: true } }), "look");
  assert.equal(state("who", { holder: { ...holder, operator: null } }), "look");
  assert.equal(state("who", { holder: null }), undefined);
});

test("an empty shelf is a no-go where it is all there is, and a battery where it is nearly empty", () => {
  const none = { ...mug, name: "Shirt", on_hand: 0, free: 0, low: true };
  assert.deepEqual([[none], [mug, none], [{ ...mug, low: true }], []].map((stock) => state("stock", { stock })), ["no", "look", "look", undefined]);
  const at = (level, isCharging = false) => state("battery", { battery: { level, isCharging } });
  assert.deepEqual([at(0.5), at(0.49), at(0.14), at(0.02, true)], ["go", "look", "no", "go"]);
  assert.equal(state("battery", { battery: null }), undefined);
});

test("one verdict stands above all: the worst, then what is still to try", () => {
  const of = (...states) => verdictOf(states.map((each) => ({ key: "", name: "", state: each, sentence: "" })));
  assert.equal(of("go", "look", "no", "ask").word, "Not ready");
  assert.equal(of("go", "look", "ask", "ask").word, "2 to try");
  assert.equal(of("go", "look").word, "Ready, 1 to look at");
});

test("each sentence is there in all languages, and takes the same values", () => {
  for (const said of [DRILL, FIGURES, GOODS, HOLD, LENS].flatMap((each) => Object.entries(each))) {
    const [name, { en, de, es }] = said;
    for (const other of [de, es]) {
      assert.equal(typeof other, typeof en, name);
      assert.equal(other.length > 0, true, name);
      if (typeof en === "function") assert.equal(other.length, en.length, name);
    }
  }
});

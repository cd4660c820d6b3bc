import assert from "node:assert/strict";
import { test } from "node:test";

import { HELD_FOR_MS, endOf, holderOf, roleOf, settle } from "../../kiosk/static/operators/holding.js";
import { GUESSES, LOCKED_MS, MOST_GUESSES, OfflinePins } from "../../kiosk/static/operators/offline-pins.js";
import { Operators } from "../../kiosk/static/operators/operators.js";
import { PinKeys, QUIET_MS } from "../../kiosk/static/operators/pin-keys.js";
import { Server } from "../../kiosk/static/operators/server.js";

const NOON = Date.parse("2026-11-27T11:00:00Z");
const PIN = "860135", OTHER = "402917";
const ALONE = { moment: NOON, until: NOON + 3600_000 };
const MIA = { id: "op_mia", name: "Mia", role: "supervisor", has_pin: true, pin_number: 1, pin_chosen: true };
const BEN = { id: "op_ben", name: "Ben", role: "steward", has_pin: false, pin_number: 0, pin_chosen: false };
const told = (operator = null, ...operators) => ({ operator, operators: operators.length ? operators : [MIA, BEN] });
const at = ({ id, name, role }) => ({ id, name, role, until: new Date(NOON + HELD_FOR_MS).toISOString() });
const nobody = { holder: null, leaves: false };

/** A disk; all that is written to it stands in `writes`, as it was then. */
function disk(kept = new Map()) {
  const writes = [];
  return {
    kept, writes,
    get: async (name) => kept.get(name),
    set: async (name, value) => { writes.push([name, { ...value }]); kept.set(name, value); },
  };
}

async function pinsOf(facts = disk()) {
  const pins = new OfflinePins(facts, 10);
  await pins.open();
  return pins;
}

async function known(facts = disk()) {
  const pins = await pinsOf(facts);
  await pins.learn(MIA.id, 1, PIN);
  return pins;
}

test("who signed in with a network is known again without one, also after a reload", async () => {
  const facts = disk();
  await known(facts);
  const again = await pinsOf(facts);
  assert.deepEqual(await again.look(MIA, PIN, ALONE), { kind: "right" });
  assert.deepEqual(await again.look(MIA, OTHER, ALONE), { kind: "wrong", left: 4 });
  assert.deepEqual(await again.look({ ...BEN, has_pin: true, pin_number: 1 }, PIN, ALONE), { kind: "unknown" });
});

test("what is kept of a PIN is signed by a key that nobody gets to read, and is another one each time", async () => {
  const pins = await known();
  const { key, proofs } = pins.kept;
  assert.equal(key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
  const first = Buffer.from(proofs[MIA.id].proof).toString("hex");
  await pins.learn(MIA.id, 1, PIN);
  assert.notEqual(Buffer.from(pins.kept.proofs[MIA.id].proof).toString("hex"), first);
});

test("of two who are learnt at once both are known", async () => {
  const pins = await pinsOf();
  const zoe = { ...MIA, id: "op_zoe" };
  await Promise.all([pins.learn(MIA.id, 1, PIN), pins.learn(zoe.id, 1, OTHER)]);
  assert.deepEqual(await pins.look(MIA, PIN, ALONE), { kind: "right" });
  assert.deepEqual(await pins.look(zoe, OTHER, ALONE), { kind: "right" });
});

test("a guess is on the disk before it is looked at, and five lock the device for a while", async () => {
  const facts = disk();
  const pins = await known(facts);
  facts.writes.length = 0;
  for (let left = GUESSES - 1; left > 0; left -= 1) {
    assert.deepEqual(await pins.look(MIA, OTHER, ALONE), { kind: "wrong", left });
  }
  assert.deepEqual(facts.writes.map(([, { wrong }]) => wrong), [1, 2, 3, 4]);
  const until = NOON + LOCKED_MS;
  assert.deepEqual(await pins.look(MIA, OTHER, ALONE), { kind: "locked", until });
  const again = await pinsOf(facts);
  assert.deepEqual(await again.look(MIA, PIN, ALONE), { kind: "locked", until });
  assert.deepEqual(await again.look(MIA, PIN, { ...ALONE, moment: until }), { kind: "right" });
  assert.deepEqual(await again.look(MIA, OTHER, { ...ALONE, moment: until }), { kind: "wrong", left: 4 });
});

test("nobody's right PIN gives more guesses at another's, and after twenty that one needs a network", async () => {
  const facts = disk(), zoe = { ...MIA, id: "op_zoe" };
  await (await known(facts)).learn(zoe.id, 1, OTHER);
  let pins = await pinsOf(facts), moment = NOON, guesses = 0;
  const until = NOON + 2 * 3600_000;
  const heard = [];
  while (heard.at(-1) !== "too_often" && guesses < 100) {
    guesses += 1;
    heard.push((await pins.look(MIA, OTHER, { moment, until })).kind);
    if (heard.at(-1) === "locked") moment += LOCKED_MS;
    else if (heard.at(-1) === "wrong" && guesses % 4 === 0) assert.equal((await pins.look(zoe, OTHER, { moment, until })).kind, "right");
    if (guesses % 7 === 0) await pins.learn(zoe.id, 1, OTHER);
    if (guesses % 3 === 0) pins = await pinsOf(facts);
  }
  const five = [...Array(GUESSES - 1).fill("wrong"), "locked"];
  assert.deepEqual(heard, [...five, ...five, ...five, ...five.slice(0, -1), "too_often"]);
  assert.equal(guesses, MOST_GUESSES);
  moment = until - 1;
  assert.deepEqual(await pins.look(MIA, PIN, { moment, until }), { kind: "too_often" });
  assert.equal(pins.knows(MIA), false);
  assert.deepEqual(await pins.look(zoe, OTHER, { moment, until }), { kind: "right" });
  await pins.learn(MIA.id, 1, PIN);
  assert.deepEqual(await pins.look(MIA, PIN, { moment, until }), { kind: "right" });
});

test("what an earlier page kept of PINs counts on", async () => {
  const facts = disk();
  await known(facts);
  const { guessed: _, ...older } = facts.kept.get("pins");
  facts.kept.set("pins", older);
  assert.deepEqual(await (await pinsOf(facts)).look(MIA, OTHER, ALONE), { kind: "wrong", left: 4 });
});

test("guesses that are made at once are counted each", async () => {
  const pins = await known();
  const guesses = Array.from({ length: 7 }, () => pins.look(MIA, OTHER, ALONE));
  const kinds = (await Promise.all(guesses)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["wrong", "wrong", "wrong", "wrong", "locked", "locked", "locked"]);
});

test("where a guess cannot be counted none is looked at", async () => {
  const pins = await known();
  pins.facts = { ...pins.facts, set: async () => { throw new Error("full"); } };
  await assert.rejects(pins.look(MIA, PIN, ALONE));
});

test("a device that may not act alone any more signs nobody in, and a clock set back opens nothing", async () => {
  const pins = await known();
  const late = { ...ALONE, moment: ALONE.until };
  assert.deepEqual(await pins.look(MIA, PIN, late), { kind: "too_long" });
  assert.deepEqual(await pins.look(MIA, PIN, { ...ALONE, moment: ALONE.until - 1 }), { kind: "right" });
  await pins.look(MIA, OTHER, ALONE);
  const earlier = { moment: NOON - 3600_000, until: ALONE.until - 1 };
  assert.deepEqual(await pins.look(MIA, PIN, earlier), { kind: "too_long" });
});

test("who is not admitted any more, or has another PIN, is forgotten; so are all with the device", async () => {
  const facts = disk();
  const pins = await known(facts);
  await pins.keepOnly([MIA, BEN]);
  assert.ok(pins.knows(MIA));
  // What the server said before it heard of the newest PIN.
  await pins.keepOnly([{ ...MIA, pin_number: 0 }]);
  assert.ok(pins.knows(MIA));
  await pins.keepOnly([{ ...MIA, pin_number: 2 }]);
  assert.deepEqual(facts.kept.get("pins").proofs, {});
  await pins.learn(MIA.id, 1, PIN);
  await pins.keepOnly([BEN]);
  assert.deepEqual(await pins.look(MIA, PIN, ALONE), { kind: "unknown" });
  await pins.forget();
  assert.equal(facts.kept.get("pins"), undefined);
});

test("the server's word is who holds the device, unless somebody has taken it since without it", () => {
  const byServer = settle(nobody, told(at(MIA))).held;
  assert.deepEqual([byServer.holder.id, byServer.holder.by, byServer.holder.pinNumber], ["op_mia", "server", 1]);
  const gone = settle(byServer, told());
  assert.deepEqual([gone.held.holder, gone.ended.id], [null, "op_mia"]);
  const alone = { holder: holderOf(MIA, "device", NOON), leaves: true };
  assert.equal(settle(alone, told(at(BEN))).held.leaves, true);
  assert.equal(settle(alone, told(at(BEN))).held.holder.id, "op_mia");
  assert.equal(settle(alone, told()).held.holder.by, "device");
  assert.equal(settle({ ...alone, leaves: false }, told(at(MIA))).held.holder.by, "server");
  assert.equal(settle(alone, told(null, { ...MIA, pin_number: 2 })).ended.id, "op_mia");
  assert.equal(settle(alone, told(null, BEN)).ended.id, "op_mia");
});

test("who was vouched for holds it until they get a PIN", () => {
  const vouched = { holder: holderOf(BEN, "vouched", NOON), leaves: false };
  assert.equal(settle(vouched, told(null, { ...BEN, name: "Benno" })).held.holder.name, "Benno");
  assert.equal(settle(vouched, told(null, { ...BEN, has_pin: true, pin_number: 1 })).ended.id, "op_ben");
});

test("who left without a network has left, whomever the server still takes for the holder", () => {
  const left = { holder: null, leaves: true };
  assert.deepEqual(settle(left, told(at(MIA))).held, left);
  assert.deepEqual(settle(left, told()).held, nobody);
});

test("a PIN that the device alone looked at makes a steward, for as long as it may act alone", () => {
  const alone = holderOf(MIA, "device", NOON);
  assert.deepEqual([roleOf(alone), endOf(alone, ALONE.until)], ["steward", ALONE.until]);
  const { holder } = settle(nobody, told(at(MIA))).held;
  assert.deepEqual([roleOf(holder), endOf(holder, ALONE.until)], ["supervisor", NOON + HELD_FOR_MS]);
});

/** A device before a server that answers in this order; null is silence. */
function device(facts, ...answers) {
  const sent = [], state = { isLost: false, alone: ALONE, now: 0 };
  const server = new Server(async (address, init) => {
    sent.push([address, JSON.parse(init.body)]);
    const answer = answers.shift();
    if (!answer) throw new TypeError("no network");
    return Response.json(answer[1], { status: answer[0] });
  });
  const surroundings = {
    server, isLost: () => state.isLost, alone: () => state.alone, onChange: () => {}, monotonic: () => state.now += 1,
  };
  const operators = new Operators(surroundings);
  return { operators, sent, state, open: async () => operators.open(facts, new OfflinePins(facts, 10)) };
}
const signedIn = (operator) => [200, { operator, until: at(operator).until }];
const status = (operator, ...roster) => ({ ...told(operator, ...roster), device: { may: ["redeem"] }, station: {} });

test("after a sign-in with a network the device knows the PIN, and holds through a reload without one", async () => {
  const facts = disk();
  const { operators, open } = device(facts, signedIn(MIA), [200, { signed_in: null }]);
  await open();
  await operators.told(status(null), 0);
  assert.equal((await operators.signIn(MIA.id, PIN)).kind, "in");
  while (!operators.pins.knows(MIA)) await new Promise(setImmediate);
  const reloaded = device(facts);
  await reloaded.open();
  assert.equal(reloaded.operators.holder.name, "Mia");
  operators.signOut();
  await operators.leaving;
  const alone = device(facts);
  await alone.open();
  assert.equal(alone.operators.holder, null);
  alone.state.isLost = true;
  assert.equal((await alone.operators.signIn(MIA.id, OTHER)).left, 4);
  assert.equal((await alone.operators.signIn(MIA.id, PIN)).kind, "in");
  assert.equal(alone.operators.holder.by, "device");
  assert.deepEqual(alone.sent, []);
  alone.state.alone = { ...ALONE, moment: ALONE.until };
  assert.equal(alone.operators.holder, null);
  alone.operators.tick();
  assert.equal(alone.operators.ended.name, "Mia");
});

test("a server that is silent leaves it to the device, and one that refuses does not", async () => {
  const facts = disk();
  await known(facts);
  const { operators, open } = device(
    facts, null, [403, { title: "wrong_pin", left: 2 }],
    [429, { title: "sign_in_locked", until: "2026-11-27T12:00:00Z" }], [422, { title: "weak_pin" }],
  );
  await open();
  await operators.told(status(null), 0);
  assert.equal((await operators.signIn(MIA.id, PIN)).kind, "in");
  assert.deepEqual(await operators.signIn(MIA.id, PIN), { kind: "wrong", left: 2 });
  assert.equal((await operators.signIn(MIA.id, PIN)).until, Date.parse("2026-11-27T12:00:00Z"));
  assert.equal((await operators.signIn(MIA.id, PIN, OTHER)).kind, "weak");
  assert.equal((await operators.signIn(MIA.id, PIN, OTHER)).kind, "no_network");
});

test("a word of the server that is older than what was done here changes nothing", async () => {
  const { operators, open } = device(disk(), signedIn(MIA));
  await open();
  await operators.told(status(null), 0);
  await operators.signIn(MIA.id, PIN);
  await operators.told(status(null), 0);
  assert.equal(operators.holder.name, "Mia");
  await operators.told(status(null), Infinity);
  assert.equal(operators.ended.name, "Mia");
});

test("what is told again is written once, and the end of a sign-in is foreseen", async () => {
  const facts = disk();
  const { operators, open, state } = device(facts);
  await open();
  await operators.told(status(at(MIA)), 0);
  const { length } = facts.writes;
  await operators.told(status(at(MIA)), 0);
  assert.equal(facts.writes.length, length);
  assert.equal(operators.endsSoon, false);
  state.alone = { ...ALONE, moment: NOON + HELD_FOR_MS - 29 * 60_000 };
  assert.equal(operators.endsSoon, true);
});

test("the server hears later of who left while it was silent", async () => {
  const { operators, open, sent } = device(disk(), null, [200, { signed_in: null }]);
  await open();
  await operators.told(status(at(MIA)), 0);
  operators.signOut();
  await operators.leaving;
  assert.equal(operators.held.leaves, true);
  await operators.told(status(at(MIA)), Infinity);
  await operators.leaving;
  assert.deepEqual(sent.map(([address]) => address), Array(2).fill("/api/v1/operators/sign-out"));
  assert.deepEqual(operators.held, nobody);
});

test("a browser that stands for no device any more knows nobody", async () => {
  const facts = disk();
  await known(facts);
  const { operators, open } = device(facts);
  await open();
  await operators.told(status(at(MIA)), 0);
  await operators.forget();
  assert.deepEqual([operators.holder, operators.known.roster, facts.kept.get("pins")], [null, [], undefined]);
});

test("a code that a hand scanner types is no PIN, and no guess", () => {
  const typed = (text, every) => {
    const keys = new PinKeys();
    const heard = [...text].map((key, index) => keys.type(key, index * every));
    return [keys.digits, heard.at(-1)];
  };
  assert.deepEqual(typed("860135", 400), ["860135", "digit"]);
  assert.deepEqual(typed("860135", 20), ["860135", "digit"]);
  assert.deepEqual(typed("HTTPS://KEEPSAKE/V/86013", 5), ["", "code"]);
  assert.deepEqual(typed("0123456789ABC", 5), ["", "code"]);
  const keys = new PinKeys();
  keys.type("X", 0);
  assert.equal(keys.type("Enter", 5), "code");
  keys.type("8", QUIET_MS + 10);
  keys.type("Backspace", QUIET_MS + 20);
  assert.equal(keys.digits, "");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import * as choice from "../../kiosk/static/pickup/choice.js";
import { Deeds, PAUSES_MS } from "../../kiosk/static/pickup/deeds.js";
import { isCode, Sightings, UNSEEN_MS } from "../../kiosk/static/pickup/given.js";
import { NamedDeeds } from "../../kiosk/static/pickup/named-deeds.js";
import * as words from "../../kiosk/static/words/pickup.js";

const line = (number, more) => ({
  line: number, item: `Thing ${number}`, variant: "", quantity: 2, left: 2, collected: 0, not_found: 0,
  returned: 0, shelf: "B2", ...more,
});
const order = (state, ...lines) => ({
  id: "ful_1", number: "A1B2C3", state, lines, member: { display_name: "Anna-Lena Öz" }, perk: { name: "Pack" },
});

test("one kind of thing is ticked at once, of several each is looked for", () => {
  assert.deepEqual([...choice.start(order("ready", line(1)))], [[1, 2]]);
  assert.deepEqual([...choice.start(order("ready", line(1), line(2)))], []);
  const rest = order("partly_collected", line(1), line(2, { left: 0, collected: 2 }));
  assert.deepEqual([...choice.start(rest)], [[1, 2]]);
  assert.deepEqual([...choice.start(order("collected", line(1, { left: 0, collected: 2 })))], []);
});

test("what was not found can be handed over once nothing else is left", () => {
  const both = [line(1, { left: 1 }), line(2, { left: 0, not_found: 2 })];
  assert.deepEqual([...choice.able(order("partly_collected", ...both))], [[1, 1], [2, 0]]);
  assert.deepEqual([...choice.able(order("not_found", both[1]))], [[2, 2]]);
});

test("what is not ticked is what is missing, and all of it where all was ticked", () => {
  const two = order("ready", line(1), line(2, { left: 1 }));
  assert.deepEqual(choice.missing(two, new Map([[1, 1]])), [{ line: 1, quantity: 1 }, { line: 2, quantity: 1 }]);
  assert.deepEqual(choice.missing(two, new Map([[1, 2]])), [{ line: 2, quantity: 1 }]);
  assert.deepEqual(choice.missing(order("ready", line(1)), new Map([[1, 2]])), [{ line: 1, quantity: 2 }]);
});

test("only what can be done is offered", () => {
  const offered = (it) => [choice.canHandOver(it), choice.canMiss(it), choice.canReturn(it), choice.canShelve(it)];
  const taken = line(1, { left: 0, collected: 2 });
  assert.deepEqual(offered(order("requested", line(1))), [false, false, false, "come"]);
  assert.deepEqual(offered(order("ready", line(1))), [true, true, false, "move"]);
  assert.deepEqual(offered(order("partly_collected", line(1), taken)), [true, true, true, "move"]);
  assert.deepEqual(offered(order("collected", taken)), [false, false, true, null]);
  assert.deepEqual(offered(order("collected", { ...taken, returned: 1 })), [false, false, true, "come"]);
  assert.deepEqual(offered(order("not_found", line(1, { left: 0, not_found: 2 }))), [true, false, false, "come"]);
  assert.deepEqual(offered(order("returned", { ...taken, returned: 2 })), [false, false, false, "come"]);
  assert.deepEqual(offered(order("cancelled", taken)), [false, false, false, null]);
});

test("an order is told in few words, by the shelves where it lies", () => {
  const it = order("ready", line(1, { variant: "A2", left: 1, shelf: "C1" }), line(2), line(3, { left: 0, shelf: "D" }));
  assert.equal(choice.summary(it), "1 × Thing 1 (A2), 2 × Thing 2");
  assert.equal(choice.shelves(it), "C1, B2");
  for (const text of ["an", "LEN", "öz", "#a1b", "A1B2C3"]) assert.ok(choice.begins(it, text), text);
  for (const text of ["nna", "B2C3", "%"]) assert.ok(!choice.begins(it, text), text);
});

test("a code is told from a name, and one that stays before the camera is seen once", () => {
  for (const text of ["0ABC-1DEF-2GHJK", "HTTPS://X.EXAMPLE/V/A.B", " 0abc1def2ghjk "]) assert.ok(isCode(text), text);
  for (const text of ["Anna-Lena Özt", "Bartholomeuss", "A1B2C3", ""]) assert.ok(!isCode(text), text);
  let now = 0;
  const sightings = new Sightings(() => now);
  assert.ok(sightings.isNew("a") && !sightings.isNew("a") && sightings.isNew("b"));
  now += UNSEEN_MS - 1;
  assert.ok(!sightings.isNew("b"));
  now += UNSEEN_MS;
  assert.ok(sightings.isNew("b"));
});

/** A device with a disk, and a server that answers as it is told to. */
function device(...answers) {
  const disk = new Map(), sent = [], paused = [], settled = [];
  let count = 0;
  const surroundings = {
    storage: { getItem: (key) => disk.get(key) ?? null, setItem: (key, value) => disk.set(key, value) },
    pause: async (ms) => paused.push(ms),
    newId: () => `id-${(count += 1)}`,
    now: () => Date.UTC(2026, 11, 5),
    fetch: async (address, { body }) => {
      sent.push([address, body]);
      const [status, told] = answers.shift() ?? [0];
      if (!status) throw new TypeError("no network");
      return new Response(JSON.stringify(told), { status });
    },
  };
  const there = { holder: null };
  const open = (device = "dev_1") => new Deeds(
    (deed, outcome) => settled.push([deed.id, outcome.kind]), { device, holder: () => there.holder }, surroundings,
  );
  return Object.assign(there, { open, surroundings, sent, paused, settled, answers });
}
const DONE = [200, { order: { id: "ful_1", state: "collected" } }];
const it = order("ready", line(1));

test("a deed is asked again under its id until it is answered, across a reload, and kept till then", async () => {
  const there = device();
  const deeds = there.open();
  assert.equal((await deeds.do("collect", it, { lines: [{ line: 1, quantity: 2 }] })).kind, "silence");
  assert.deepEqual(there.paused, PAUSES_MS);
  assert.ok(deeds.waitsFor("ful_1"));
  const later = there.open();
  assert.ok(later.waitsFor("ful_1") && !later.waitsFor("ful_2"));
  await later.askAgain();
  assert.deepEqual(there.settled, []);
  there.answers.push(DONE);
  await later.askAgain();
  assert.deepEqual(there.settled, [["id-1", "answer"]]);
  assert.ok(!later.waitsFor("ful_1") && !there.open().waitsFor("ful_1"));
  assert.equal(new Set(there.sent.map(String)).size, 1);
  assert.deepEqual(JSON.parse(there.sent[0][1]), {
    attempt_id: "id-1", done_at: "2026-12-05T00:00:00.000Z", lines: [{ line: 1, quantity: 2 }],
  });
});

test("what was tapped as another device never goes up as this one", async () => {
  const there = device();
  await there.open().do("collect", it, {});
  assert.ok(!there.open("dev_2").waitsFor("ful_1"));
  assert.ok(there.open().waitsFor("ful_1"));
});

test("what needs somebody to sign in is kept, and done in the name of who does", async () => {
  const refused = [422, { title: "operator_not_signed_in", detail: "No." }];
  const there = device(refused);
  const deeds = there.open();
  assert.equal((await deeds.do("collect", it, { operator: "op_ada" })).code, "operator_not_signed_in");
  assert.ok(deeds.needsSignIn() && deeds.needsSignIn("ful_1") && !deeds.needsSignIn("ful_2"));
  const later = there.open();
  assert.ok(later.needsSignIn());
  for (const holder of [null, "op_ada", "op_bo", "op_bo"]) {
    there.holder = holder;
    there.answers.push(refused);
    await later.askAgain();
  }
  assert.deepEqual(there.settled, []);
  there.answers.push(DONE);
  await later.askAgain();
  assert.ok(!later.waitsFor("ful_1") && !later.needsSignIn());
  const named = there.sent.map(([, body]) => JSON.parse(body).operator);
  assert.deepEqual(named, ["op_ada", "op_ada", "op_ada", "op_bo", "op_bo", "op_bo"]);
  assert.equal(new Set(there.sent.map(([, body]) => JSON.parse(body).attempt_id)).size, 1);
});

test("a name that was not refused stays, whoever holds the device by now", async () => {
  const there = device();
  await there.open().do("collect", it, { operator: "op_ada" });
  there.holder = "op_bo";
  there.answers.push(DONE);
  await there.open().askAgain();
  assert.equal(JSON.parse(there.sent.at(-1)[1]).operator, "op_ada");
});

test("where the server wants a name somebody signs in, and it is done at once", async () => {
  const wanted = [422, { title: "operator_required", detail: "Sign in." }];
  const run = async (signsIn) => {
    const there = device(wanted, DONE);
    let holder = null;
    const asked = [];
    const askWho = async (why) => {
      asked.push(why);
      holder = signsIn ? "op_ada" : null;
      return signsIn;
    };
    const here = { device: "dev_1", holder: () => holder, askWho };
    const deeds = new NamedDeeds(() => {}, here, ({ sentence }) => sentence, there.surroundings);
    const outcome = await deeds.do("collect", it, {});
    return [outcome.kind, asked, there.sent.map((one) => JSON.parse(one[1]).operator), deeds.waiting.length];
  };
  assert.deepEqual(await run(true), ["answer", ["Sign in."], [undefined, "op_ada"], 0]);
  assert.deepEqual(await run(false), ["problem", ["Sign in."], [undefined], 1]);
});

test("what the server refuses is over, and what it did not judge goes on waiting", async () => {
  const refused = device([409, { title: "move_refused", detail: "No." }]);
  const deeds = refused.open();
  const outcome = await deeds.do("collect", it, {});
  assert.deepEqual(outcome, { kind: "problem", status: 409, code: "move_refused", sentence: "No." });
  assert.ok(!deeds.waitsFor("ful_1"));
  for (const status of [401, 429]) {
    const held = device([status, { title: "x", detail: "y" }]).open();
    await held.do("collect", it, {});
    assert.ok(held.waitsFor("ful_1"));
  }
});

test("a foreign network's page is no answer, nor is an error of the server", async () => {
  const there = device([200, "<html>"], [503, { title: "database_unavailable" }], DONE);
  assert.equal((await there.open().do("collect", it, {})).kind, "answer");
  assert.equal(there.sent.length, 3);
});

test("what broke on the disk is no deed", () => {
  const there = device();
  const read = (text) => new Deeds(() => {}, { device: "dev_1", holder: () => null }, { storage: { getItem: () => text, setItem: () => {} } }).waiting;
  for (const text of ["", "{", "7", '[{"id": 1}]', null]) assert.deepEqual(read(text), []);
  assert.equal(there.open().waiting.length, 0);
});

test("every sentence is said in all three languages", () => {
  const sentences = Object.values(words).flatMap((subject) => Object.entries(subject));
  for (const [key, said] of sentences) {
    const spoken = said.en === undefined && words.PROBLEMS[key] ? ["de", "es"] : ["de", "en", "es"];
    assert.deepEqual(Object.keys(said).sort(), spoken, key);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { NamedScans } from "../../kiosk/static/operators/named-scans.js";

const entry = { kind: "code", text: "0ABC-1DEF-2GHJK", voucher: null };
const plain = { identityConfirmed: false };
const yes = () => Response.json({ verdict: "redeemed", message: "Hand it over." });
const lost = () => { throw new TypeError("no network"); };
const refused = (title) => () => Response.json({ title, detail: "In English." }, { status: 422 });

/** A kiosk that Mia holds, before a server that answers in this order; `next` signs in when asked. */
function kiosk({ named = { id: "op_mia", name: "Mia" }, isMissing = false, next = null }, ...answers) {
  const sent = [], asked = [];
  const holding = {
    named, isMissing,
    settles: async (outcome) => {
      if (outcome.kind !== "problem") return false;
      asked.push([outcome.code, outcome.sentence]);
      if (next) Object.assign(holding, { named: next, isMissing: false });
      return next !== null;
    },
  };
  const surroundings = {
    fetch: async (address, init) => { sent.push([address, JSON.parse(init.body)]); return answers.shift()(); },
    monotonic: () => 0,
    pause: async () => {},
  };
  return { scans: new NamedScans(holding, surroundings), holding, sent, asked, bodies: () => sent.map(([, body]) => body) };
}

test("a scan names who holds the device, and none where nobody does", async () => {
  const { scans, holding, bodies } = kiosk({}, yes, yes);
  await scans.ask(entry, "redeem", plain);
  holding.named = null;
  await scans.ask(entry, "redeem", plain);
  assert.deepEqual(bodies().map(({ operator }) => operator), ["op_mia", undefined]);
});

test("where the server wants a sign-in it is asked for, and the same attempt is made again", async () => {
  const next = { id: "op_kim", name: "Kim" };
  const { scans, bodies, asked } = kiosk({ next }, refused("operator_not_signed_in"), yes);
  const outcome = await scans.ask(entry, "redeem", plain);
  assert.equal(outcome.answer.verdict, "redeemed");
  const [first, second] = bodies();
  assert.equal(first.attempt_id, second.attempt_id);
  assert.deepEqual([first.operator, second.operator], ["op_mia", "op_kim"]);
  assert.match(asked[0][1], /does not know that Mia is signed in/);
});

test("where nobody signs in the attempt waits, and is made in the name of who holds the device then", async () => {
  const { scans, holding, bodies } = kiosk({}, refused("operator_not_signed_in"), lost, lost, lost, yes);
  assert.equal((await scans.ask(entry, "redeem", plain)).code, "operator_not_signed_in");
  assert.equal((await scans.ask(entry, "redeem", plain)).kind, "silence");
  holding.named = { id: "op_kim", name: "Kim" };
  await scans.ask(entry, "redeem", plain);
  assert.equal(new Set(bodies().map((body) => body.attempt_id)).size, 1);
  assert.equal(bodies().at(-1).operator, "op_kim");
});

test("nothing is asked before somebody has signed in where they have to", async () => {
  const away = kiosk({ named: null, isMissing: true });
  assert.equal((await away.scans.ask(entry, "redeem", plain)).code, "operator_required");
  assert.deepEqual(away.sent, []);
  const there = kiosk({ named: null, isMissing: true, next: { id: "op_kim", name: "Kim" } }, yes);
  assert.equal((await there.scans.ask(entry, "redeem", plain)).answer.verdict, "redeemed");
  assert.equal(there.bodies()[0].operator, "op_kim");
});

test("other problems ask nobody to sign in", async () => {
  const { scans, asked } = kiosk({}, refused("unprocessable_scan"));
  assert.equal((await scans.ask(entry, "redeem", plain)).sentence, "In English.");
  assert.deepEqual(asked, [[undefined, "In English."]]);
});

test("an undo is in the name of who holds the device, and one by itself in the scan's", async () => {
  const undone = () => Response.json({ verdict: "undone", message: "Undone." });
  const { scans, bodies, asked } = kiosk({}, undone, undone, refused("operator_not_signed_in"));
  await scans.undo("a-1", "Wrong person");
  await scans.undoAs("op_kim", "a-2", "Too late");
  await scans.undoAs("op_kim", "a-3", "Too late");
  assert.deepEqual(bodies().map(({ operator }) => operator), ["op_mia", "op_kim", "op_kim"]);
  assert.equal(asked.length, 0);
});

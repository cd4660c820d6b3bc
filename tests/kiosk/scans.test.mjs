import assert from "node:assert/strict";
import { test } from "node:test";

import { Scans } from "../../kiosk/static/scans.js";

const entry = { kind: "code", text: "0ABC-1DEF-2GHJK", voucher: null };
const answer = () => Response.json({ verdict: "redeemed", message: "Hand it over." });
const lost = () => { throw new TypeError("no network"); };

/** A kiosk before a server that answers in this order. */
function kiosk(...answers) {
  const bodies = [];
  const addresses = [];
  const scans = new Scans({
    fetch: async (address, init) => {
      bodies.push(JSON.parse(init.body));
      addresses.push(address);
      return answers.shift()(address, init);
    },
    monotonic: () => 0,
    pause: async () => {},
  });
  return { scans, bodies, addresses };
}

test("an attempt without an answer is repeated word for word", async () => {
  const fault = () => new Response("", { status: 502 });
  const { scans, bodies } = kiosk(lost, fault, answer);
  const retries = [];
  const outcome = await scans.ask(entry, "redeem", { identityConfirmed: false }, (next, of) => retries.push([next, of]));
  assert.equal(outcome.answer.verdict, "redeemed");
  assert.deepEqual(bodies[0], bodies[1]);
  assert.deepEqual(bodies[0], bodies[2]);
  assert.deepEqual(retries, [[2, 3], [3, 3]]);
});

test("asking later goes on with the attempt that got no answer", async () => {
  const { scans, bodies } = kiosk(lost, lost, lost, answer, answer);
  assert.equal((await scans.ask(entry, "redeem", { identityConfirmed: false })).kind, "silence");
  await scans.ask(entry, "redeem", { identityConfirmed: false });
  await scans.ask(entry, "redeem", { identityConfirmed: false });
  assert.equal(bodies[3].attempt_id, bodies[0].attempt_id);
  assert.notEqual(bodies[4].attempt_id, bodies[0].attempt_id);
});

test("a check never takes the attempt of a redemption", async () => {
  const { scans, bodies } = kiosk(lost, lost, lost, answer);
  await scans.ask(entry, "redeem", { identityConfirmed: false });
  await scans.ask(entry, "check", { identityConfirmed: false });
  assert.equal(bodies[3].mode, "check");
  assert.notEqual(bodies[3].attempt_id, bodies[0].attempt_id);
});

test("the page of a network in between is no answer", async () => {
  const portal = () => new Response("<html>Sign in</html>", { status: 200 });
  const other = () => Response.json(["hello"]);
  const { scans } = kiosk(portal, other, answer);
  assert.equal((await scans.ask(entry, "redeem", { identityConfirmed: false })).kind, "answer");
});

test("a problem is told in its own words, or in ours", async () => {
  const problem = (status, body) => () => new Response(body, { status });
  const said = problem(429, JSON.stringify({ title: "Slow down", detail: "Wait 5 seconds." }));
  const { scans, bodies } = kiosk(said, problem(409, "{}"), problem(401, "{}"));
  assert.equal((await scans.ask(entry, "redeem", { identityConfirmed: false })).sentence, "Wait 5 seconds.");
  assert.match((await scans.ask(entry, "redeem", { identityConfirmed: false })).sentence, /already knows this scan/);
  assert.match((await scans.ask(entry, "redeem", { identityConfirmed: false })).sentence, /not paired any more/);
  assert.equal(bodies[1].attempt_id, bodies[0].attempt_id);
  assert.notEqual(bodies[2].attempt_id, bodies[1].attempt_id);
});

test("what staff have confirmed is another attempt than the one before", async () => {
  const { scans, bodies } = kiosk(lost, lost, lost, answer, answer);
  await scans.ask(entry, "redeem", { identityConfirmed: false });
  const outcome = await scans.ask(entry, "redeem", { identityConfirmed: true });
  assert.equal(bodies[3].identity_confirmed, true);
  assert.notEqual(bodies[3].attempt_id, bodies[0].attempt_id);
  assert.equal(outcome.attemptId, bodies[3].attempt_id);
  assert.ok(!("identity_confirmed" in bodies[0]));
});

test("an undo says which attempt and why, until there is an answer", async () => {
  const undone = () => Response.json({ verdict: "undone", message: "Undone." });
  const { scans, bodies, addresses } = kiosk(lost, undone);
  const outcome = await scans.undo("a-1", "Wrong person");
  assert.equal(outcome.answer.verdict, "undone");
  assert.deepEqual(bodies, [{ reason: "Wrong person" }, { reason: "Wrong person" }]);
  assert.deepEqual(addresses, ["/api/v1/scans/a-1/undo", "/api/v1/scans/a-1/undo"]);
});

test("after a look at an ID it is said which attempt that goes on with", async () => {
  const { scans, bodies } = kiosk(answer, answer);
  await scans.ask(entry, "redeem", { identityConfirmed: true, follows: "a-0" });
  await scans.ask(entry, "redeem", { identityConfirmed: false, follows: "a-0" });
  assert.deepEqual(bodies.map((body) => body.follows), ["a-0", undefined]);
});

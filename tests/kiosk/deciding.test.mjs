import assert from "node:assert/strict";
import { test } from "node:test";

import { Alone } from "../../kiosk/static/offline/alone.js";
import { Intents } from "../../kiosk/static/offline/intents.js";
import { HandOvers } from "../../kiosk/static/offline/hand-overs.js";
import { Outbox } from "../../kiosk/static/offline/outbox.js";
import { Synced } from "../../kiosk/static/offline/sync.js";
import { LIVE, NAME, NOON, OFFLINE_OK, PERK, VOUCHER, key, token, verifySignature } from "./tokens.mjs";
import { describe } from "../../kiosk/static/verdict.js";

/** A disk; what is written to it in one go is one entry of `writes`. */
function disk() {
  const writes = [];
  return {
    writes,
    put: async (item, handOver) => { writes.push([item, handOver]); },
    all: async () => [],
    remember: async (handOvers) => { writes.push(handOvers); },
    handOvers: async () => [],
    forgetHandOvers: async () => {},
    get: async () => undefined,
    set: async () => {},
  };
}

/** A device that synced at noon and has heard nothing since. */
async function device({ perk = {}, allowance = { number: 5, hours: 1 }, shelf = disk() } = {}) {
  const time = { now: NOON };
  const told = {
    server_time: new Date(NOON).toISOString(), cursor: "c", waiting_since: null, snapshot: true, more: false,
    vouchers: [],
    terms: {
      keys: { keys: [key], revoked: [] }, stations: {}, perks: { 5: { ...PERK, ...perk } }, allowance,
      station: { key: "popup", name: "Pop-up", zone: "Europe/Berlin", hours: null, closed: [] },
    },
  };
  const synced = new Synced(shelf, { fetch: async () => Response.json(told), now: () => time.now });
  await synced.sync();
  const outbox = new Outbox(shelf), handOvers = new HandOvers(shelf), intents = new Intents(shelf);
  const alone = new Alone({ synced, outbox, handOvers, intents, verifySignature, device: "Door" });
  return { alone, intents, outbox, handOvers, synced, shelf, time };
}

let attempts = 0;
function asking(text, { mode = "redeem", identityConfirmed = false, follows = null, kind = "token" } = {}) {
  const id = `a-${attempts += 1}`;
  const scan = { attempt_id: id, [kind]: text, mode, scanned_at: "2026-11-27T11:00:00Z" };
  return { id, entry: { kind, text, voucher: VOUCHER }, mode, uses: 1, identityConfirmed, follows, scan, by: "Mia" };
}
const verdict = (own) => own.outcome.answer.verdict;

test("what is handed over is on the disk with its upload, in one go", async () => {
  const { alone, shelf } = await device();
  const asked = asking(await token());
  assert.equal(verdict(await alone.decide(asked)), "redeemed");
  const [[item, handOver]] = shelf.writes;
  assert.equal(item.body.offline.verdict, "redeemed");
  assert.equal(item.body.attempt_id, asked.id);
  assert.deepEqual([handOver.id, handOver.name, handOver.recorded], [asked.id, NAME, null]);
});

test("what is handed over names who held the device, here and to whoever shows it again", async () => {
  const { alone, handOvers } = await device();
  const text = await token();
  const first = await alone.decide(asking(text));
  assert.equal(first.outcome.answer.scanned_by.operator, "Mia");
  assert.deepEqual(handOvers.list.map(({ operator }) => operator), ["Mia"]);
  const second = await alone.decide({ ...asking(text), by: "Kim" });
  assert.equal(second.outcome.answer.first_redemption.operator, "Mia");
  const { details } = describe(second.outcome, { now: new Date(), timeZone: "Europe/Berlin" });
  assert.match(details.first, / by Mia$/);
});

test("what the server handed over is remembered in the name that it tells", async () => {
  const { alone, handOvers } = await device();
  const answer = { verdict: "redeemed", message: "", scanned_by: { operator: "Kim" } };
  await alone.heard(asking(await token()), answer);
  assert.deepEqual(handOvers.list.map(({ operator }) => operator), ["Kim"]);
});

test("what was redeemed without a code is not handed out again by its code", async () => {
  const { alone, handOvers } = await device();
  const by = asking("V-7K2M-9QXF", { kind: "reference" });
  by.entry.voucher = null;
  const told = (voucher) => alone.heard({ ...by, entry: { ...by.entry } }, { verdict: "redeemed", message: "", voucher });
  await told({ reference: by.entry.text });
  assert.deepEqual(handOvers.list, []);
  await told({ reference: by.entry.text, sync_name: NAME, valid_until: null });
  assert.equal(verdict(await alone.decide(asking(await token()))), "already_redeemed");
});

test("of two scans of one voucher at once one is accepted", async () => {
  const { alone } = await device();
  const text = await token();
  const both = await Promise.all([alone.decide(asking(text)), alone.decide(asking(text))]);
  assert.deepEqual(both.map(verdict), ["redeemed", "already_redeemed"]);
});

test("where the disk takes nothing, nothing is handed over and nothing is remembered", async () => {
  const full = { ...disk(), put: async () => { throw new Error("full"); } };
  const { alone, outbox, handOvers } = await device({ shelf: full });
  assert.equal(await alone.decide(asking(await token())), null);
  assert.deepEqual([outbox.items.size, handOvers.list.length], [0, 0]);
});

test("refusals are kept, checks and what needs the server are not", async () => {
  const { alone, shelf } = await device({ perk: { uses: 0 } });
  await alone.decide(asking(await token()));
  assert.deepEqual(shelf.writes.map(([item, handOver]) => [item.told.verdict, handOver]), [["already_redeemed", null]]);
  await alone.decide(asking(await token(), { mode: "check" }));
  const own = await alone.decide(asking("0000-0000-0017X", { kind: "code" }));
  assert.deepEqual([verdict(own), own.isFinal], ["online_required", false]);
  assert.equal(shelf.writes.length, 1);
});

test("until the server has heard of a hand-over it is owed, to whatever names its voucher", async () => {
  const { alone, handOvers } = await device();
  const asked = asking(await token());
  assert.equal(await alone.owes(asked.entry), false);
  await alone.decide(asked);
  assert.equal(await alone.owes({ kind: "code", text: "0000-0000-0017X", voucher: null }), true);
  assert.equal(await alone.owes({ kind: "token", text: "T", voucher: "00000000000004fe" }), false);
  await handOvers.recorded([asked.id], 1);
  assert.equal(await alone.owes(asked.entry), false);
});

test("the allowance counts what was not uploaded, and ends with its hours", async () => {
  const { alone, time } = await device({ perk: { uses: 9 }, allowance: { number: 2, hours: 1 } });
  const text = await token();
  for (const expected of ["redeemed", "redeemed", "allowance_spent"]) {
    assert.equal(verdict(await alone.decide(asking(text))), expected);
  }
  const later = await device({ perk: { uses: 9 }, allowance: { number: 2, hours: 0.5 } });
  later.time.now = NOON + 31 * 60_000;
  assert.equal(verdict(await later.alone.decide(asking(text))), "allowance_spent");
  assert.equal(time.now, NOON);
});

test("what the server handed over is known once it is silent, also by a typed code", async () => {
  for (const [kind, text] of [["token", await token()], ["code", "0000-0000-0017X"]]) {
    const { alone, handOvers, synced } = await device();
    const answer = { verdict: "redeemed", message: "", server_time: "2026-11-27T11:00:00Z", voucher: null };
    const asked = asking(text, { kind });
    await alone.heard(asked, answer);
    assert.equal(handOvers.list[0].recorded, synced.begun);
    assert.equal(verdict(await alone.decide(asking(await token()))), "already_redeemed");
    await alone.undone(asked.id);
    assert.equal(verdict(await alone.decide(asking(await token()))), "redeemed");
  }
});

test("a live code that was good when staff began to look stays so, and is sent with that moment", async () => {
  const { alone, shelf, time } = await device({ perk: { identity: true } });
  const minute = { flags: OFFLINE_OK | LIVE, from: NOON / 1000, until: NOON / 1000 + 60 };
  const text = await token(minute);
  const first = asking(text);
  assert.equal(verdict(await alone.decide(first)), "identity_required");
  time.now = NOON + 4 * 60_000;
  const looked = asking(text, { identityConfirmed: true, follows: first.id });
  assert.equal(verdict(await alone.decide(looked)), "redeemed");
  assert.equal(shelf.writes.at(-1)[0].body.offline.judged_at, new Date(NOON).toISOString());
  time.now = NOON + 6 * 60_000;
  const late = asking(text, { identityConfirmed: true, follows: first.id });
  assert.equal(verdict(await alone.decide(late)), "expired");
});

test("a clock that was set back makes nothing earlier than the last scan", async () => {
  const { alone, synced, time } = await device({ perk: { uses: 3 } });
  time.now = NOON + 10 * 60_000;
  await alone.decide(asking(await token()));
  time.now = NOON - 60 * 60_000;
  assert.equal(synced.reading.moment, NOON + 10 * 60_000);
});

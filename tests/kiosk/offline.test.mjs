import assert from "node:assert/strict";
import { test } from "node:test";

import { decide, see } from "../../kiosk/static/rules/offline.js";
import { nameOf } from "../../kiosk/static/rules/voucher-name.js";
import {
  FROM, LIVE, LIVE_REQUIRED, NAME, NOON, OFFLINE_OK, PERK, UNTIL, VOUCHER, key, token, verifySignature,
} from "./tokens.mjs";

const STATION = { key: "popup", name: "Pop-up Berlin", zone: "Europe/Berlin", hours: null, closed: [] };

/** What a device knows; a voucher's row and the perk as far as they differ from a plain one. */
function known({ perk = {}, row = null, station = {}, memory = [], allowance = {}, state = {} } = {}) {
  const vouchers = new Map(row ? [[NAME, { standing: "open", usesLeft: 1, sync: 3, ...row }]] : []);
  return {
    state: {
      keys: [key], revoked: [], perks: { 5: { ...PERK, ...perk } }, vouchers,
      station: { ...STATION, ...station }, stations: { fair: "Fair" }, ...state,
    },
    memory,
    allowance: { left: 10, until: NOON + 60_000, ...allowance },
  };
}

/** What is decided about a token at noon. */
async function decided(what = {}, shown = {}, wanted = {}, moment = NOON) {
  const all = known(what);
  const text = typeof shown === "string" ? shown : await token(shown);
  const seen = await see({ kind: "token", text }, all.state, verifySignature);
  return decide(seen, { mode: "redeem", uses: 1, identityConfirmed: false, ...wanted }, all, moment);
}
const verdict = async (...given) => (await decided(...given)).verdict;

const handOver = (more = {}) => ({
  name: NAME, uses: 1, at: "2026-11-27T10:58:00Z", station: "Pop-up Berlin", device: "Door 5",
  operator: "Mia", recorded: null, ...more,
});

test("a voucher that nobody spoke of is fresh", async () => {
  assert.deepEqual(await decided({ perk: { uses: 3 } }), {
    verdict: "redeemed", live: false, message_key: "redeemed",
    facts: {
      valid_from: "2026-11-27T10:00:00.000Z", valid_until: "2026-11-27T12:00:00.000Z", opens: null,
      stations: [], uses_left: 2, missed: null, whom: null,
    },
    voucher: {
      reference: null, uses_left: 2, valid_until: "2026-11-27T12:00:00.000Z",
      perk: {
        number: 5, name: "Enamel pin", kind: "item", hand_over: null, coupon: null,
        staff_note: null, identity: false, minimum_age: null,
      },
    },
    member: null, first_redemption: null, unchecked: ["stock", "held"], name: NAME,
  });
  assert.equal(await verdict({}, {}, {}, NOON - 3_600_001), "not_yet_valid");
  assert.equal(await verdict({}, {}, {}, NOON + 3_600_000), "expired");
});

test("who only checks takes nothing", async () => {
  const { verdict: told, voucher } = await decided({}, {}, { mode: "check" });
  assert.deepEqual([told, voucher.uses_left], ["valid", 1]);
});

test("what is typed, or not signed for it, needs a network", async () => {
  const typed = await see({ kind: "code", text: "01JK-9QRS-TVWXY" }, known().state, verifySignature);
  const told = decide(typed, { mode: "redeem", uses: 1, identityConfirmed: true }, known(), NOON);
  assert.deepEqual([told.verdict, told.voucher, told.name], ["online_required", null, null]);
  assert.equal(await verdict({}, { flags: 0 }), "online_required");
  assert.equal(await verdict({ perk: { offline: false } }), "online_required");
  assert.equal(await verdict({}, { flags: 0, until: FROM + 1 }), "expired");
});

test("a token that is none, or whose key is not known or not trusted, is not looked up", async () => {
  const good = await token();
  for (const [shown, state, wanted] of [
    ["hello", {}, "malformed"],
    [good.slice(1), {}, "malformed"],
    [good.replace(/\..{4}/, ".AAAA"), {}, "bad_signature"],
    [good, { keys: [] }, "unknown_key"],
    [good, { revoked: [7] }, "revoked_key"],
  ]) {
    const { verdict: told, voucher, unchecked, message_key: told_as } = await decided({ state }, shown);
    assert.deepEqual([told, voucher, unchecked, told_as], [wanted, null, [], wanted]);
  }
});

test("a perk that no sync spoke of is not handed over", async () => {
  const told = await decided({ row: { usesLeft: 1 } }, { perk: 6 });
  assert.deepEqual([told.verdict, told.voucher, told.facts.uses_left], ["unknown_perk", null, null]);
  assert.equal(await verdict({ state: { perks: {} } }), "unknown_perk");
  assert.equal(await verdict({}, { perk: 6, until: FROM + 1 }), "expired");
});

test("what was done with a voucher counts, and its later window", async () => {
  for (const standing of ["void", "superseded", "refunded"]) {
    assert.equal(await verdict({ row: { standing } }), standing);
  }
  assert.equal(await verdict({ row: { usesLeft: 0 } }), "already_redeemed");
  assert.equal(await verdict({ row: { usesLeft: 1 } }, {}, { uses: 2 }), "too_few_uses");
  const late = NOON + 3_600_000;
  const extended = { row: { validUntil: UNTIL + 60 }, allowance: { until: late + 60_000 } };
  const { verdict: told, voucher } = await decided(extended, {}, {}, late + 59_999);
  assert.deepEqual([told, voucher.valid_until], ["redeemed", "2026-11-27T12:01:00.000Z"]);
  assert.equal(await verdict(extended, {}, {}, late + 60_000), "expired");
  const early = { row: { validFrom: FROM - 60 } };
  assert.equal(await verdict(early, {}, {}, NOON - 3_660_000), "redeemed");
  const half = { row: { validUntil: UNTIL + 0.5 } };
  assert.equal((await decided(half, {}, {}, late + 200)).message_key, "expired");
});

test("another station is named, where it stands", async () => {
  const here = await decided({ perk: { stations: ["popup"] } });
  assert.equal(here.verdict, "redeemed");
  const other = await decided({ perk: { stations: ["fair", "gone"] } });
  assert.deepEqual([other.message_key, other.facts.stations], ["wrong_station", ["Fair"]]);
  assert.equal((await decided({ perk: { stations: ["gone"] } })).message_key, "wrong_station_nowhere");
});

test("the station's hours count and the perk's, and when it opens again is told", async () => {
  const shut = await decided({ station: { hours: ["Fri 14:00-18:00"] } });
  assert.deepEqual([shut.verdict, shut.facts.opens], ["closed_now", "2026-11-27T13:00:00.000Z"]);
  const closed = ["Fri 12:00-12:30"];
  for (const what of [{ station: { closed } }, { perk: { closed } }]) {
    const { verdict: told, facts } = await decided(what);
    assert.deepEqual([told, facts.opens], ["closed_now", "2026-11-27T11:30:00.000Z"]);
  }
  assert.equal((await decided({ station: { hours: [] } })).facts.opens, null);
});

test("what was handed out here is not handed out again", async () => {
  const { verdict: told, first_redemption: first, voucher } = await decided({ memory: [handOver()] });
  assert.deepEqual([told, voucher.uses_left], ["already_redeemed", 0]);
  assert.deepEqual(first, {
    at: "2026-11-27T10:58:00Z", station: "Pop-up Berlin", device: "Door 5", operator: "Mia",
  });
  assert.equal(await verdict({ memory: [handOver({ name: "AAAAAAAAAAAAAAAA" })] }), "redeemed");
  const three = { perk: { uses: 3 }, memory: [handOver(), handOver()] };
  assert.equal(await verdict(three, {}, { uses: 2 }), "too_few_uses");
  assert.equal((await decided(three)).voucher.uses_left, 0);
  assert.equal(await verdict({ perk: { uses: 3 }, memory: [handOver({ uses: 3 })] }), "already_redeemed");
});

test("of several hand-overs the earliest is told, and none where it was elsewhere", async () => {
  const memory = ["10:59", "10:57", "10:58"].map((at) => handOver({ at: `2026-11-27T${at}:00Z` }));
  const { first_redemption: first } = await decided({ perk: { uses: 3 }, memory });
  assert.equal(first.at, "2026-11-27T10:57:00Z");
  assert.equal((await decided({ row: { usesLeft: 0 } })).first_redemption, null);
  assert.equal((await decided({ perk: { uses: 3 }, memory: memory.slice(1) })).first_redemption, null);
});

test("a use is subtracted until the state has it, and then no more", async () => {
  const left = async (row, recorded) => {
    const what = { perk: { uses: 5 }, row, memory: [handOver({ recorded })] };
    return (await decided(what, {}, { mode: "check" })).voucher.uses_left;
  };
  assert.equal(await left({ usesLeft: 3, sync: 4 }, null), 2, "not uploaded");
  assert.equal(await left({ usesLeft: 3, sync: 4 }, 4), 2, "the sync had begun before");
  assert.equal(await left({ usesLeft: 3, sync: 4 }, 5), 2, "later syncs did not speak of it");
  assert.equal(await left({ usesLeft: 3, sync: 4 }, 3), 3, "the state has it");
  assert.equal(await left(null, 3), 4, "no sync spoke of it");
});

test("what the device took beyond what there was leaves nothing, not less", async () => {
  const what = { row: { usesLeft: 0 }, memory: [handOver({ uses: 2 })] };
  const { verdict: told, voucher } = await decided(what);
  assert.deepEqual([told, voucher.uses_left], ["already_redeemed", 0]);
});

test("an allowance that is used up or over hands nothing more out", async () => {
  assert.equal(await verdict({ allowance: { left: 0 } }), "allowance_spent");
  assert.equal(await verdict({ allowance: { left: 1 } }), "redeemed");
  const two = await verdict({ allowance: { left: 1 }, perk: { uses: 3 } }, {}, { uses: 2 });
  assert.equal(two, "allowance_spent");
  assert.equal(await verdict({ allowance: { until: NOON } }), "allowance_spent");
  assert.equal(await verdict({ allowance: { until: NOON + 1 } }), "redeemed");
});

test("an allowance hides no other refusal, and is told before anybody shows an ID", async () => {
  const allowance = { left: 0 };
  assert.equal(await verdict({ allowance, row: { standing: "void" } }), "void");
  assert.equal(await verdict({ allowance, perk: { minimum_age: 18 } }), "allowance_spent");
  assert.deepEqual((await decided({ allowance })).unchecked, []);
});

test("who it is, or how old, is asked until it is confirmed", async () => {
  for (const perk of [{ identity: true }, { minimum_age: 18 }]) {
    const asked = await decided({ perk });
    assert.deepEqual([asked.verdict, asked.voucher.uses_left], ["identity_required", 1]);
    assert.deepEqual(asked.unchecked, ["stock", "held"]);
    assert.equal(await verdict({ perk }, {}, { identityConfirmed: true }), "redeemed");
  }
});

test("a picture of a live code is refused by its minute, with half a minute for clocks", async () => {
  const minute = { flags: OFFLINE_OK | LIVE_REQUIRED | LIVE, from: NOON / 1000, until: NOON / 1000 + 60 };
  const at = (seconds) => decided({ allowance: { until: Infinity } }, minute, {}, NOON + seconds * 1000);
  assert.equal((await at(-30)).verdict, "redeemed");
  const good = await at(89);
  assert.deepEqual([good.verdict, good.live, good.voucher.valid_until], ["redeemed", true, null]);
  assert.deepEqual([(await at(90)).verdict, (await at(90)).message_key], ["expired", "expired_live"]);
  assert.equal((await at(-31)).message_key, "not_yet_valid_live");
  const over = await decided({ row: { validUntil: NOON / 1000 } }, minute);
  assert.equal(over.message_key, "expired", "the voucher's own time is over, not the minute");
});

test("who has no phone for a live code is let through by an identity check", async () => {
  const card = { flags: OFFLINE_OK | LIVE_REQUIRED };
  const confirmed = { identityConfirmed: true };
  assert.equal(await verdict({ perk: { live: true } }, card), "live_required");
  assert.equal(await verdict({ perk: { live: true } }, card, confirmed), "redeemed");
  assert.equal(await verdict({}, { flags: LIVE_REQUIRED }, confirmed), "online_required");
  assert.equal(await verdict({ perk: { live: true } }), "redeemed", "its card asks for none");
});

test("a sentence for the kind of perk is named where there is one", async () => {
  for (const kind of ["priority_entry", "early_access", "discount"]) {
    assert.equal((await decided({ perk: { kind } })).message_key, `redeemed_${kind}`);
    const used = await decided({ perk: { kind }, row: { usesLeft: 0 } });
    assert.equal(used.message_key, `already_redeemed_${kind}`);
    assert.equal((await decided({ perk: { kind }, row: { standing: "void" } })).message_key, "void");
  }
});

test("a voucher is known by a hash of its id", async () => {
  assert.equal(await nameOf(VOUCHER), NAME);
});

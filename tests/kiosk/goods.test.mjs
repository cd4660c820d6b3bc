import assert from "node:assert/strict";
import { test } from "node:test";

import { counted } from "../../kiosk/static/goods/counted.js";
import { stepped } from "../../kiosk/static/goods/chooser.js";
import { Pictures } from "../../kiosk/static/goods/pictures.js";
import { colourOf, initials } from "../../kiosk/static/goods/whom.js";
import { describe } from "../../kiosk/static/verdict.js";

test("a count is said where it is more than one, and only of what is handed over", () => {
  assert.deepEqual([counted(1, "Coffee"), counted(3, "Coffee")], ["Coffee", "3 × Coffee"]);
  const perk = (verdict) => describe({
    kind: "answer", waitedMs: 0, attemptId: "a",
    answer: { verdict, message: "", uses: 3, voucher: { reference: null, perk: { number: 1, name: "Coffee" }, uses_left: 0, valid_until: null } },
  }, { now: new Date() }).details.perk;
  assert.deepEqual([perk("redeemed"), perk("already_redeemed")], ["3 × Coffee", "Coffee"]);
});

test("no more can be chosen than there are, and no less than one", () => {
  assert.deepEqual([stepped(1, 1, 3), stepped(3, 1, 3), stepped(1, -1, 3), stepped(1, 1, 0)], [2, 3, 1, 1]);
});

test("initials are letters or digits of any script, and a name has one colour", () => {
  const names = ["Ada Morgenstern", "ada", "Ada King Lovelace", "Member …1234", "李 小龙", "🦊", "", "éva-lou"];
  assert.deepEqual(names.map(initials), ["AM", "A", "AL", "M1", "李小", "", "", "ÉL"]);
  assert.equal(colourOf("Ada"), colourOf("Ada"));
  assert.ok(names.every((name) => colourOf(name) >= 0 && colourOf(name) < 6));
});

test("pictures are fetched when the page is told of perks, and those of others are forgotten", async () => {
  const shelf = new Map([["http://x/perks/9/picture", 1], ["http://x/perks/2/picture", 1], ["http://x/perks/3/picture", 1]]);
  const asked = [];
  const pictures = new Pictures({
    fetch: async (address) => {
      asked.push(address);
      if (address.includes("/3/")) throw new TypeError("no network");
      return new Response("", { status: address.includes("/2/") ? 404 : 200 });
    },
    open: async () => ({
      put: async (address) => { shelf.set(`http://x${address}`, 1); },
      delete: async (request) => shelf.delete(typeof request === "string" ? `http://x${request}` : request.url),
      keys: async () => [...shelf.keys()].map((url) => ({ url })),
    }),
  });
  const perks = { 1: { picture: "/perks/1/picture" }, 2: { picture: "/perks/2/picture" }, 3: { picture: "/perks/3/picture" }, 4: { picture: null } };
  await pictures.know(perks);
  await pictures.know(perks);
  assert.equal(asked.length, 3);
  assert.deepEqual([...shelf.keys()].sort(), ["http://x/perks/1/picture", "http://x/perks/3/picture"]);
  assert.deepEqual([pictures.address(1), pictures.address(4), pictures.address(undefined)], ["/perks/1/picture", "", ""]);
});

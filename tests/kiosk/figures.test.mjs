import assert from "node:assert/strict";
import { test } from "node:test";

import { isStation, rowsOf } from "../../kiosk/static/figures/rows.js";

const station = {
  as_of: "2031-05-03T12:00:00Z", devices: 3,
  handed_out: [{ perk: 3, name: "Mug", uses: 4 }, { perk: 1, name: "Pin", uses: 1 }],
  stock: [
    { item: "mug", variant: "", name: "Mug", on_hand: 5, free: 3, low: false },
    { item: "shirt", variant: "l", name: "Shirt", on_hand: 2, free: -1, low: true },
  ],
};

test("a station's day is said in counts, and what is promised is no free one", () => {
  assert.deepEqual(rowsOf(station), {
    total: 5,
    handedOut: [{ name: "Mug", value: "4" }, { name: "Pin", value: "1" }],
    stock: [
      { name: "Mug", value: "3 free, 2 promised", isLow: false },
      { name: "Shirt, l", value: "0 free, 2 promised", isLow: true },
    ],
  });
});

test("the page of a network in between is no station", () => {
  assert.equal(isStation(station), true);
  for (const other of [null, "hello", { as_of: 1 }, { ...station, stock: null }]) assert.equal(isStation(other), false);
});

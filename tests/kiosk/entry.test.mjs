import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { caretAfter, formatted, scanned, typed, voucherIn } from "../../kiosk/static/entry.js";

const vectors = new URL("../vectors/voucher-tokens.json", import.meta.url);
const cases = JSON.parse(readFileSync(vectors, "utf8")).cases;

test("a code may be typed with small letters, blanks, and letters that look like digits", () => {
  for (const text of ["0abc 1def 2ghjk", " oABC-iDEF-2GHJK", "0ABCLDEF2GHJK", "0ABC–1DEF–2GHJK"]) {
    assert.deepEqual(typed(text), {
      entry: { kind: "code", text: "0ABC-1DEF-2GHJK", voucher: null },
    });
  }
});

test("what cannot be a code is told in a sentence", () => {
  assert.match(typed("ABC").complaint, /This has 3 characters/);
  assert.match(typed("A").complaint, /This has 1 character\./);
  assert.match(typed("UUUU-1DEF-2GHJK").complaint, /no U/);
  assert.match(typed("  ").complaint, /Type the code/);
});

test("a token is sent as it came, and a foreign QR only as far as it is needed", () => {
  const token = cases[0].text;
  assert.deepEqual(typed(` ${token} `).entry, scanned(token));
  assert.equal(typed("https://pass.example/V/x").entry.kind, "token");
  assert.equal(scanned("x".repeat(4000)).text.length, 300);
});

test("the voucher in a token is the one of the vectors", () => {
  const known = cases.filter((each) => each.verdict === "ok");
  assert.ok(known.length > 1);
  for (const { text, fields } of known) assert.equal(voucherIn(text), fields.voucher);
  assert.equal(voucherIn("WIFI:S:cafe;;"), null);
});

test("a code is grouped while it is typed, and a token is left alone", () => {
  assert.equal(formatted("0abc1"), "0ABC-1");
  assert.equal(formatted("0ABC-1DEF-"), "0ABC-1DEF");
  assert.equal(formatted("0ABC-1DEF-2GHJK"), "0ABC-1DEF-2GHJK");
  let field = "";
  for (const key of "HTTPS://MY-HOST.EXAMPLE/V/ABC.DEF") field = formatted(field + key);
  assert.equal(field, "HTTPS://MY-HOST.EXAMPLE/V/ABC.DEF");
  field = "";
  for (const key of cases[0].text) field = formatted(field + key);
  assert.equal(field, cases[0].text);
});

test("the caret stays behind the character that was typed", () => {
  assert.equal(caretAfter("0ABC1", "0ABC-1"), 6);
  assert.equal(caretAfter("0A", "0ABC-1DEF"), 2);
});

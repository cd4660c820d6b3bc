import assert from "node:assert/strict";
import { test } from "node:test";

import { language, pick, speak, word } from "../../kiosk/static/words/language.js";

test("what was chosen goes before what the browser wants, and English is what is left", () => {
  assert.equal(pick("es", ["de-AT", "en"]), "es");
  assert.equal(pick(null, ["fr-CA", "de-AT", "en"]), "de");
  assert.equal(pick("fr", ["pt-BR"]), "en");
  assert.equal(pick("constructor", []), "en");
});

test("a sentence is said in the language that is spoken", () => {
  const left = {
    en: (n) => `${n} left`, de: (n) => `noch ${n}`, es: (n) => `quedan ${n}`,
  };
  assert.equal(language(), "en");
  assert.equal(word(left, 3), "3 left");
  speak("de");
  assert.equal(word(left, 3), "noch 3");
  assert.equal(word({ en: "Next", de: "Weiter", es: "Siguiente" }), "Weiter");
  speak("en");
});

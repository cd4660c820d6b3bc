import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

import { lookOf } from "../../kiosk/static/looks.js";
import { sentenceOfProblem } from "../../kiosk/static/problems.js";
import { sentenceOf } from "../../kiosk/static/sentence.js";
import { offer } from "../../kiosk/static/steps.js";
import { describe } from "../../kiosk/static/verdict.js";
import { LANGUAGES, speak } from "../../kiosk/static/words/language.js";
import { SENTENCES } from "../../kiosk/static/words/sentences.js";
import { VERDICTS, WORDS } from "../../kiosk/static/words/verdicts.js";

const FOLDER = new URL("../../kiosk/static/words/", import.meta.url);
const OTHERS = ["de", "es"];
/** What is said as in English. */
const THE_SAME = { de: ["Limit", "Offline", "PIN", "Scanner", "Vibration", "Zoom"], es: ["PIN", "Zoom"] };

/** All that is said, by where it stands. */
async function* everything() {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".js"))) {
    const exported = await import(new URL(file, FOLDER));
    for (const [name, value] of Object.entries(exported)) yield* within(`${file} ${name}`, value);
  }
}

function* within(place, value) {
  if (value === null || typeof value !== "object") return;
  if ("en" in value) yield [place, value];
  else for (const [name, inner] of Object.entries(value)) yield* within(`${place}.${name}`, inner);
}

/** A sentence with a value in each of its places: numbers do for names, too. */
function said(sentence, arity) {
  const values = Array.from({ length: arity }, (_, place) => 7001 + place);
  return typeof sentence === "function" ? sentence(...values) : sentence;
}

/** The values that a sentence mentions. */
function mentioned(text) {
  return [...new Set(text.match(/\{\w+\}|700\d/g))].sort();
}

test("everything is said in all three languages, with the same values in it", async () => {
  let count = 0;
  for await (const [place, it] of everything()) {
    assert.deepEqual(Object.keys(it).sort(), Object.keys(LANGUAGES).sort(), place);
    const arity = typeof it.en === "function" ? it.en.length : 0;
    const english = said(it.en, arity);
    for (const language of OTHERS) {
      assert.equal(typeof it[language], typeof it.en, place);
      const text = said(it[language], arity);
      assert.ok(text.trim().length > 0 && !text.includes("undefined"), `${place} ${language}`);
      assert.deepEqual(mentioned(text), mentioned(english), `${place} ${language}`);
      assert.equal(text.endsWith("."), english.endsWith("."), `${place} ${language}`);
    }
    count += 1;
  }
  assert.ok(count > 150);
});

test("nothing is left in English", async () => {
  for await (const [place, it] of everything()) {
    if (place.endsWith("LANGUAGES") || place.endsWith("LOCALES")) continue;
    for (const language of OTHERS.filter((each) => it[each] === it.en)) {
      assert.ok(THE_SAME[language].includes(it.en), `${place}: ${it.en}`);
    }
  }
});

test("every verdict is one short word in every language", () => {
  for (const [name, it] of Object.entries({ ...VERDICTS, ...WORDS })) {
    for (const language of Object.keys(LANGUAGES)) {
      assert.match(it[language], /^\p{Lu}\p{Ll}{1,11}$/u, `${name} ${language}`);
    }
  }
});

test("a verdict has its own look in each language, and one that nobody knows is refused", () => {
  speak("de");
  assert.deepEqual(lookOf("redeemed"), ["good", "check", "Eingelöst"]);
  assert.deepEqual(lookOf("revoked_device"), ["bad", "hand", "Gesperrt"]);
  assert.deepEqual(lookOf("not_allowed"), ["bad", "hand", "Verboten"]);
  speak("es");
  assert.deepEqual(lookOf("constructor"), ["bad", "cross", "Rechazado"]);
  speak("en");
});

const scene = { now: new Date("2031-05-03T13:00:00Z"), timeZone: "Europe/Berlin" };

/** What the page says for an answer, in each language. */
function inEach(answer) {
  const all = Object.keys(LANGUAGES).map((language) => {
    speak(language);
    return sentenceOf({ message: "The server's.", ...answer }, scene);
  });
  speak("en");
  return all;
}

test("a sentence tells the facts of the answer, whoever judged", () => {
  assert.deepEqual(inEach({ message_key: "expired", facts: { valid_until: "2031-05-03T12:02:00Z" } }), [
    "Too late: it was valid until today 14:02.",
    "Zu spät: Gültig war er bis heute 14:02.",
    "Demasiado tarde: era válido hasta hoy a las 14:02.",
  ]);
  const missed = { valid_until: "2031-05-03T12:02:00Z", missed: "lost" };
  assert.deepEqual(inEach({ message_key: "expired", facts: missed }), [
    "Too late: it was valid until today 14:02. It cannot be replaced.",
    "Zu spät: Gültig war er bis heute 14:02. Er lässt sich nicht ersetzen.",
    "Demasiado tarde: era válido hasta hoy a las 14:02. No se puede reemplazar.",
  ]);
  assert.deepEqual(inEach({ message_key: "wrong_station", facts: { stations: ["Bar", "Tür"] } }), [
    "Not at this station. Send them to: Bar, Tür.",
    "Nicht an dieser Station. Schick sie zu: Bar, Tür.",
    "No es en este puesto. Dile que vaya a: Bar, Tür.",
  ]);
  const whom = { age: 18, name: true };
  const named = { message_key: "identity_required", facts: { whom }, member: { display_name: "Ada" } };
  assert.equal(inEach(named)[1],
    "Prüfe zuerst, dass ein Ausweis mindestens 18 Jahre zeigt und dass das Ada ist. Bestätige es dann.");
  assert.match(inEach({ ...named, member: null })[2], /el nombre de la página de la cartera/);
  const opens = { message_key: "closed_now", facts: { opens: "2031-05-05T08:00:00Z" } };
  assert.match(inEach(opens)[1], /wieder ab Mo\.? 5\. Mai 10:00\.$/);
  assert.match(inEach(opens)[2], /desde el lun 5 may a las 10:00\.$/);
  assert.match(inEach({ ...opens, facts: { opens: null } })[0], /on no day that is known yet/);
  assert.match(inEach({ message_key: "held", facts: { held_until: "2031-05-03T13:02:09Z" } })[1], /15:02:09/);
});

test("what is not known is left out, and an unknown sentence is the server's", () => {
  assert.deepEqual(inEach({ message_key: "void", facts: {} })[0], "Withdrawn. An organiser can tell them why.");
  assert.equal(inEach({ message_key: "already_redeemed", facts: {} })[1], "Schon ausgegeben.");
  for (const key of Object.keys(SENTENCES)) {
    for (const text of inEach({ message_key: key, facts: null })) assert.ok(!text.includes("{"), key);
  }
  assert.deepEqual(inEach({ message_key: "constructor" }), Array(3).fill("The server's."));
  assert.deepEqual(inEach({ message: "" })[1], "Abgelehnt. Ruf das Orga-Team.");
});

test("a problem is told by its code, else in the server's words", () => {
  speak("de");
  const told = (problem) => sentenceOfProblem({ status: 403, detail: "In English.", ...problem });
  assert.match(told({ title: "not_allowed", why: "undo" }), /darf nichts rückgängig machen/);
  assert.match(told({ title: "not_allowed", why: "something new" }), /darf das nicht/);
  assert.equal(told({ title: "something_new" }), "In English.");
  assert.match(told({ title: "move_refused", why: "refund_uses" }), /weniger eingelöst/);
  for (const code of ["refund_not_allowed", "nothing_to_refund", "being_handed_out", "supervisor_needed"]) {
    assert.notEqual(told({ title: code }), "In English.");
  }
  assert.match(sentenceOfProblem({ status: 422 }), /nicht angenommen/);
  assert.match(told({ status: 401, title: "not_signed_in" }), /nicht mehr gekoppelt/);
  speak("en");
});

test("an answer is whole in another language", () => {
  speak("es");
  const voucher = {
    reference: "V-1", uses_left: 2, valid_until: "2031-05-04T16:00:00Z",
    perk: { number: 7, name: "Pin", kind: "priority_entry", hand_over: null },
  };
  const answer = { verdict: "redeemed", message: "x", message_key: "redeemed_priority_entry", facts: {}, voucher };
  const outcome = { kind: "answer", answer, waitedMs: 0, attemptId: "a" };
  const { word, sentence, details } = describe(outcome, scene);
  assert.deepEqual([word, sentence, details.action], ["Canjeado", "", "Dejar pasar primero"]);
  assert.deepEqual(details.notes, ["quedan 2 usos", "válido hasta el dom 4 may a las 18:00"]);
  assert.deepEqual(offer({ mode: "redeem" }, outcome), {
    steps: { one_more: "Uno más (quedan 2)", undo: "Deshacer" }, next: "Siguiente", holds: false,
  });
  speak("en");
});

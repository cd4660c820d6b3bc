/** The question before a redemption is taken back, and what is said after it. */

export const UNDO = {
  title: { en: "Undo?", de: "Rückgängig machen?", es: "¿Deshacer?" },
  what: {
    en: "It can be used again. Say why:",
    de: "Er kann dann wieder eingelöst werden. Sag, warum:",
    es: "Se podrá usar otra vez. Di por qué:",
  },
  keep: { en: "Keep it redeemed", de: "Eingelöst lassen", es: "Dejarlo canjeado" },
  undo: { en: "Undo", de: "Rückgängig", es: "Deshacer" },
  undo_it: {
    en: (/** @type {string} */ it) => `Undo ${it}`,
    de: (/** @type {string} */ it) => `${it} rückgängig machen`,
    es: (/** @type {string} */ it) => `Deshacer ${it}`,
  },
  again: {
    en: "Try again: it is undone once, however often you ask.",
    de: "Versuch es noch einmal: Es zählt einmal, so oft du auch fragst.",
    es: "Inténtalo otra vez: se deshace una vez, por mucho que lo pidas.",
  },
  stays: { en: "It stays redeemed.", de: "Er bleibt eingelöst.", es: "Sigue canjeado." },
};

/** What staff choose from. The English is what is sent: organisers read it, whoever chose it. */
export const REASONS = [
  { en: "Scanned by mistake", de: "Versehentlich gescannt", es: "Escaneado por error" },
  { en: "Could not hand it over", de: "Konnte nicht ausgegeben werden", es: "No se pudo entregar" },
  { en: "Wrong person", de: "Falsche Person", es: "Persona equivocada" },
];

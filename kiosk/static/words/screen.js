/** What stands on the full-screen answer, whatever it is. */

export const SCREEN = {
  next: { en: "Next", de: "Weiter", es: "Siguiente" },
  waiting: { en: "Waiting for the server.", de: "Warte auf den Server.", es: "Esperando al servidor." },
  retrying: {
    en: (/** @type {number} */ next, /** @type {number} */ of) =>
      `No answer yet. Trying again (${next} of ${of})`,
    de: (/** @type {number} */ next, /** @type {number} */ of) =>
      `Noch keine Antwort. Neuer Versuch (${next} von ${of})`,
    es: (/** @type {number} */ next, /** @type {number} */ of) =>
      `Aún sin respuesta. Otro intento (${next} de ${of})`,
  },
  for: {
    en: (/** @type {string} */ member) => `for ${member}`,
    de: (/** @type {string} */ member) => `für ${member}`,
    es: (/** @type {string} */ member) => `para ${member}`,
  },
};

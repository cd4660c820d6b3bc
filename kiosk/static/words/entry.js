/** What is wrong with a code that was typed. */

export const ENTRY = {
  empty: {
    en: "Type the code that stands under the QR.",
    de: "Tippe den Code ein, der unter dem QR steht.",
    es: "Escribe el código que está bajo el QR.",
  },
  length: {
    en: (/** @type {number} */ count) =>
      `A code has 13 characters. This has ${count} ${count === 1 ? "character" : "characters"}.`,
    de: (/** @type {number} */ count) => `Ein Code hat 13 Zeichen. Dieser hat ${count}.`,
    es: (/** @type {number} */ count) => `Un código tiene 13 caracteres. Este tiene ${count}.`,
  },
  letters: {
    en: "A code has digits and letters only, and no U.",
    de: "Ein Code hat nur Ziffern und Buchstaben und kein U.",
    es: "Un código solo tiene cifras y letras, y ninguna U.",
  },
};

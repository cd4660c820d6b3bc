/** What staff read while a supervisor looks for a member. */

export const FIND = {
  name: { en: "Name or handle", de: "Name oder Kürzel", es: "Nombre o alias" },
  hint: {
    en: "At least two letters, as they say it.",
    de: "Mindestens zwei Buchstaben, so wie man es spricht.",
    es: "Al menos dos letras, tal como lo dice.",
  },
  search: { en: "Search", de: "Suchen", es: "Buscar" },
  found: {
    en: (/** @type {number} */ n) => (n === 1 ? "1 member found" : `${n} members found`),
    de: (/** @type {number} */ n) => (n === 1 ? "1 Mitglied gefunden" : `${n} Mitglieder gefunden`),
    es: (/** @type {number} */ n) => (n === 1 ? "1 persona encontrada" : `${n} personas encontradas`),
  },
  nobody: {
    en: "Nobody here is called that.", de: "So heißt hier niemand.", es: "Aquí nadie se llama así.",
  },
  more: {
    en: "There are more: type more of the name.",
    de: "Es gibt noch mehr: Tippe mehr vom Namen.",
    es: "Hay más: escribe más del nombre.",
  },
  nothing: {
    en: "Nothing to redeem at this station.",
    de: "Nichts, was an dieser Station eingelöst werden kann.",
    es: "Nada que canjear en este puesto.",
  },
  left: {
    en: (/** @type {number} */ n) => `${n} left`,
    de: (/** @type {number} */ n) => `noch ${n}`,
    es: (/** @type {number} */ n) => (n === 1 ? "queda 1" : `quedan ${n}`),
  },
  until: {
    en: (/** @type {string} */ at) => `until ${at}`,
    de: (/** @type {string} */ at) => `bis ${at}`,
    es: (/** @type {string} */ at) => `hasta ${at}`,
  },
  ended: {
    en: (/** @type {string} */ at) => `ended ${at}`,
    de: (/** @type {string} */ at) => `abgelaufen ${at}`,
    es: (/** @type {string} */ at) => `caducó ${at}`,
  },
  from: {
    en: (/** @type {string} */ at) => `valid from ${at}`,
    de: (/** @type {string} */ at) => `gültig ab ${at}`,
    es: (/** @type {string} */ at) => `válido desde ${at}`,
  },
  redeemed: {
    en: (/** @type {string} */ at, /** @type {string} */ where) => `redeemed ${at} at ${where}`,
    de: (/** @type {string} */ at, /** @type {string} */ where) => `eingelöst ${at}, ${where}`,
    es: (/** @type {string} */ at, /** @type {string} */ where) => `canjeado ${at} en ${where}`,
  },
  redeem: { en: "Redeem", de: "Einlösen", es: "Canjear" },
  show: { en: "Look at it", de: "Ansehen", es: "Ver" },
  back: { en: "Back to the list", de: "Zurück zur Liste", es: "Volver a la lista" },
};

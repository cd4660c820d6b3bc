/** What staff read while something is held for a customer, until they say what became of it. */

export const HOLD = {
  handedOver: { en: "Handed over", de: "Übergeben", es: "Entregado" },
  notHandedOver: { en: "Not handed over", de: "Nicht übergeben", es: "No entregado" },
  allTheSame: {
    en: "Handed over all the same", de: "Trotzdem übergeben", es: "Entregado de todos modos",
  },
  done: { en: "Handed over:", de: "Übergeben:", es: "Entregado:" },
  left: {
    en: (/** @type {string} */ time) => `${time} left`,
    de: (/** @type {string} */ time) => `Noch ${time}`,
    es: (/** @type {string} */ time) => `Quedan ${time}`,
  },
  soonOver: {
    en: (/** @type {number} */ seconds) => `${seconds} seconds left. Was it handed over?`,
    de: (/** @type {number} */ seconds) => `Noch ${seconds} Sekunden. Ist es übergeben?`,
    es: (/** @type {number} */ seconds) => `Quedan ${seconds} segundos. ¿Está entregado?`,
  },
  first: {
    en: "First say whether this was handed over.",
    de: "Sag zuerst, ob das hier übergeben ist.",
    es: "Primero di si esto se entregó.",
  },
  overWord: { en: "Time’s up", de: "Zeit um", es: "Se acabó" },
  over: {
    en: "It is no longer reserved: another desk may hand it out. Was it handed over here?",
    de: "Es ist nicht mehr reserviert: Ein anderer Tisch kann es ausgeben. Ist es hier übergeben?",
    es: "Ya no está reservado: otro puesto puede entregarlo. ¿Se entregó aquí?",
  },
  freesItself: {
    en: (/** @type {string} */ time) =>
      `Nothing was handed over. The server was not reached: it is free again at ${time} by itself.`,
    de: (/** @type {string} */ time) =>
      `Nichts wurde übergeben. Der Server war nicht zu erreichen: Um ${time} ist es von selbst frei.`,
    es: (/** @type {string} */ time) =>
      `No se entregó nada. No hubo respuesta del servidor: se libera solo a las ${time}.`,
  },
  conflictWord: { en: "Conflict", de: "Konflikt", es: "Conflicto" },
  conflict: {
    en: (/** @type {string} */ said) =>
      `It was handed over, and the record says “${said}”. Nothing to do here: an organiser looks at it.`,
    de: (/** @type {string} */ said) =>
      `Es ist übergeben, und der Server sagt „${said}“. Hier ist nichts zu tun: Die Orga sieht es sich an.`,
    es: (/** @type {string} */ said) =>
      `Se entregó, y el servidor dice «${said}». Aquí no hay nada que hacer: la organización lo revisa.`,
  },
  notTold: { en: "Not saved", de: "Nicht gespeichert", es: "Sin guardar" },
  tellAgain: {
    en: "The server does not know it yet. Try again: it is counted once, however often you ask.",
    de: "Der Server weiß es noch nicht. Versuch es noch einmal: Es zählt nur einmal.",
    es: "El servidor aún no lo sabe. Prueba otra vez: se cuenta una sola vez.",
  },
  next: { en: "Next", de: "Weiter", es: "Siguiente" },
  again: { en: "Try again", de: "Noch einmal", es: "Otra vez" },
};

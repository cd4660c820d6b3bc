/** What staff read of their station today. */

export const FIGURES = {
  title: { en: "This station today", de: "Dieser Stand heute", es: "Este puesto hoy" },
  handedOut: { en: "Handed out", de: "Ausgegeben", es: "Entregado" },
  nothing: { en: "Nothing yet", de: "Noch nichts", es: "Nada todavía" },
  left: { en: "Left here", de: "Noch da", es: "Quedan aquí" },
  free: {
    en: (/** @type {number} */ free, /** @type {number} */ promised) =>
      promised > 0 ? `${free} free, ${promised} promised` : `${free}`,
    de: (/** @type {number} */ free, /** @type {number} */ promised) =>
      promised > 0 ? `${free} frei, ${promised} versprochen` : `${free}`,
    es: (/** @type {number} */ free, /** @type {number} */ promised) =>
      promised > 0 ? `${free} libres, ${promised} prometidos` : `${free}`,
  },
  low: { en: "running low", de: "wird knapp", es: "quedan pocos" },
  devices: { en: "Devices online", de: "Geräte online", es: "Dispositivos en línea" },
  asOf: {
    en: (/** @type {string} */ time) => `As of ${time}`,
    de: (/** @type {string} */ time) => `Stand ${time}`,
    es: (/** @type {string} */ time) => `A las ${time}`,
  },
};

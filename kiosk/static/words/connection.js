/** Whether the server is heard. */

export const CONNECTION = {
  asking: { en: "Connecting", de: "Verbinde", es: "Conectando" },
  connected: { en: "Connected", de: "Verbunden", es: "Conectado" },
  lost: {
    en: (/** @type {string} */ time) => `No connection since ${time}`,
    de: (/** @type {string} */ time) => `Keine Verbindung seit ${time}`,
    es: (/** @type {string} */ time) => `Sin conexión desde las ${time}`,
  },
  unpaired: { en: "Not paired", de: "Nicht gekoppelt", es: "Sin vincular" },
  not_paired_any_more: {
    en: "This browser is not paired any more. Ask an organiser for a new pairing link.",
    de: "Dieser Browser ist nicht mehr gekoppelt. Frag das Orga-Team nach einem neuen Kopplungslink.",
    es: "Este navegador ya no está vinculado. Pide a la organización un nuevo enlace de vinculación.",
  },
};

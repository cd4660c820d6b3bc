/** What staff do for a perk: over its name, and inside a sentence. */

/** @import {Said} from "./language.js" */
/** @typedef {{action: Said<[]>, inside: Said<[]>, done?: Said<[]>}} DeedSaid `done` where staff do nothing more */

/** @type {DeedSaid} */
export const HAND_OVER = {
  action: { en: "Hand over", de: "Ausgeben", es: "Entregar" },
  inside: { en: "hand it over", de: "ausgeben", es: "entregar" },
};

/** @type {Record<string, DeedSaid>} */
export const DEEDS = {
  item: HAND_OVER,
  pickup: {
    action: { en: "Place the order", de: "Bestellen", es: "Hacer el pedido" },
    inside: { en: "place the order", de: "bestellen", es: "hacer el pedido" },
    done: { en: "Order placed", de: "Bestellt", es: "Pedido hecho" },
  },
  priority_entry: {
    action: { en: "Let them in first", de: "Zuerst einlassen", es: "Dejar pasar primero" },
    inside: { en: "let them in first", de: "zuerst einlassen", es: "dejar pasar primero" },
  },
  early_access: {
    action: { en: "Let them in", de: "Einlassen", es: "Dejar pasar" },
    inside: { en: "let them in", de: "einlassen", es: "dejar pasar" },
  },
  discount: {
    action: { en: "Give the discount", de: "Rabatt geben", es: "Aplicar el descuento" },
    inside: { en: "give the discount", de: "Rabatt geben", es: "aplicar el descuento" },
  },
};

/** What an answer says beside its word and its sentence. */

/** @typedef {(text: string) => string} OfText */
/** @typedef {(count: number) => string} OfCount */

export const ACTIONS = {
  nothing_yet: {
    en: "Checked only. Nothing was redeemed.",
    de: "Nur geprüft. Nichts wurde eingelöst.",
    es: "Solo comprobado. No se canjeó nada.",
  },
  nothing: { en: "Hand nothing over.", de: "Gib nichts aus.", es: "No entregues nada." },
  not_yet: {
    en: "Hand nothing over yet.", de: "Gib noch nichts aus.", es: "No entregues nada aún.",
  },
  nothing_more: {
    en: "Hand nothing more over.", de: "Gib nichts mehr aus.", es: "No entregues nada más.",
  },
};

export const AGAIN = {
  same: {
    en: "The same code again: this is the answer it already got. It was not counted twice.",
    de: "Noch einmal derselbe Code: Das ist die Antwort, die er schon bekam. Er wurde nicht doppelt gezählt.",
    es: "El mismo código otra vez: esta es la respuesta que ya obtuvo. No se contó dos veces.",
  },
  redeemed: {
    en: "This code was redeemed here a moment ago. It was not counted twice.",
    de: "Dieser Code wurde hier gerade eben eingelöst. Er wurde nicht doppelt gezählt.",
    es: "Este código se canjeó aquí hace un momento. No se contó dos veces.",
  },
};

export const SILENCES = {
  timeout: {
    en: "The server did not answer in time.",
    de: "Der Server hat nicht rechtzeitig geantwortet.",
    es: "El servidor no respondió a tiempo.",
  },
  network: {
    en: "The server cannot be reached.",
    de: "Der Server ist nicht zu erreichen.",
    es: "No se puede contactar con el servidor.",
  },
  server: {
    en: "The server has a fault.", de: "Der Server hat eine Störung.", es: "El servidor tiene un fallo.",
  },
  again: {
    en: "Try again: it is counted once, however often you ask.",
    de: "Versuch es noch einmal: Es zählt einmal, so oft du auch fragst.",
    es: "Inténtalo otra vez: se cuenta una vez, por mucho que preguntes.",
  },
};

export const FIRST = {
  redeemed: {
    en: /** @type {OfText} */ ((moment) => `Redeemed ${moment}`),
    de: /** @type {OfText} */ ((moment) => `Eingelöst ${moment}`),
    es: /** @type {OfText} */ ((moment) => `Canjeado ${moment}`),
  },
  at: {
    en: /** @type {OfText} */ ((station) => ` at ${station}`),
    de: /** @type {OfText} */ ((station) => `, Station ${station}`),
    es: /** @type {OfText} */ ((station) => ` en ${station}`),
  },
  on: {
    en: /** @type {OfText} */ ((device) => `, device ${device}`),
    de: /** @type {OfText} */ ((device) => `, Gerät ${device}`),
    es: /** @type {OfText} */ ((device) => `, dispositivo ${device}`),
  },
  by: {
    en: /** @type {OfText} */ ((operator) => `, by ${operator}`),
    de: /** @type {OfText} */ ((operator) => `, von ${operator}`),
    es: /** @type {OfText} */ ((operator) => `, por ${operator}`),
  },
};

export const NOTES = {
  uses_left: {
    en: /** @type {OfCount} */ ((left) => `${left} ${left === 1 ? "use" : "uses"} left`),
    de: /** @type {OfCount} */ ((left) => `noch ${left}-mal einlösbar`),
    es: /** @type {OfCount} */ ((left) => (left === 1 ? "queda 1 uso" : `quedan ${left} usos`)),
  },
  valid_until: {
    en: /** @type {OfText} */ ((moment) => `valid until ${moment}`),
    de: /** @type {OfText} */ ((moment) => `gültig bis ${moment}`),
    es: /** @type {OfText} */ ((moment) => `válido hasta ${moment}`),
  },
  clock: {
    en: /** @type {OfCount} */ ((minutes) =>
      `This device's clock is wrong by about ${minutes} minutes. Please set it.`),
    de: /** @type {OfCount} */ ((minutes) =>
      `Die Uhr dieses Geräts geht um etwa ${minutes} Minuten falsch. Bitte stell sie.`),
    es: /** @type {OfCount} */ ((minutes) =>
      `El reloj de este dispositivo se desvía unos ${minutes} minutos. Ponlo en hora.`),
  },
};

export const OWN = {
  not_confirmed: { en: "Not yet confirmed.", de: "Noch nicht bestätigt.", es: "Aún sin confirmar." },
  decided: {
    en: "Decided without the server.", de: "Ohne den Server entschieden.", es: "Decidido sin el servidor.",
  },
  known: {
    en: /** @type {OfText} */ ((moment) => `Known as of ${moment}.`),
    de: /** @type {OfText} */ ((moment) => `Wissensstand: ${moment}.`),
    es: /** @type {OfText} */ ((moment) => `Se sabe lo de las ${moment}.`),
  },
  unchecked: {
    en: /** @type {OfText} */ ((what) => `Not checked: ${what}.`),
    de: /** @type {OfText} */ ((what) => `Nicht geprüft: ${what}.`),
    es: /** @type {OfText} */ ((what) => `Sin comprobar: ${what}.`),
  },
};

/** What a device cannot know. */
export const UNCHECKED = {
  stock: { en: "stock", de: "Vorrat", es: "existencias" },
  held: { en: "other desks", de: "andere Tische", es: "otras mesas" },
};

/** What is read out. */
export const SPOKEN = {
  perk: { en: "the perk", de: "die Leistung", es: "la ventaja" },
  coupon: {
    en: /** @type {OfText} */ ((coupon) => `Coupon ${coupon}`),
    de: /** @type {OfText} */ ((coupon) => `Gutscheincode ${coupon}`),
    es: /** @type {OfText} */ ((coupon) => `Cupón ${coupon}`),
  },
};

/** The list of the last scans. */
export const RECENT = {
  code: { en: "Typed code", de: "Getippter Code", es: "Código escrito" },
  qr: { en: "QR code", de: "QR-Code", es: "Código QR" },
};

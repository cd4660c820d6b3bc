/** What goes into the sentences of verdicts. */

export const PARTS = {
  opens: {
    en: (/** @type {string} */ moment) => `from ${moment} on`,
    de: (/** @type {string} */ moment) => `ab ${moment}`,
    es: (/** @type {string} */ moment) => `desde ${moment}`,
  },
  no_day: {
    en: "on no day that is known yet",
    de: "an keinem Tag, der schon bekannt ist",
    es: "ningún día que se sepa todavía",
  },
  age: {
    en: (/** @type {number} */ years) => `that an ID says at least ${years}`,
    de: (/** @type {number} */ years) => `dass ein Ausweis mindestens ${years} Jahre zeigt`,
    es: (/** @type {number} */ years) => `que un documento indica al menos ${years} años`,
  },
  member: {
    en: (/** @type {string} */ name) => `that this is ${name}`,
    de: (/** @type {string} */ name) => `dass das ${name} ist`,
    es: (/** @type {string} */ name) => `que es ${name}`,
  },
  own_page: {
    en: "that an ID has the name on the member's wallet page",
    de: "dass ein Ausweis den Namen von der Wallet-Seite des Mitglieds hat",
    es: "que un documento lleva el nombre de la página de la cartera del miembro",
  },
  and: { en: " and ", de: " und ", es: " y " },
};

/** The buttons below an answer. */

export const STEPS = {
  again: { en: "Try again", de: "Noch einmal", es: "Reintentar" },
  checked: {
    en: (/** @type {string} */ deed) => `Checked: ${deed}`,
    de: (/** @type {string} */ deed) => `Geprüft: ${deed}`,
    es: (/** @type {string} */ deed) => `Comprobado: ${deed}`,
  },
  may_have: {
    en: "Checked: they may have it",
    de: "Geprüft: darf es haben",
    es: "Comprobado: puede tenerlo",
  },
  not_old_enough: { en: "Not old enough", de: "Nicht alt genug", es: "No tiene la edad" },
  not_this_person: { en: "Not this person", de: "Nicht diese Person", es: "No es esa persona" },
  one_more: {
    en: (/** @type {number} */ left) => `One more (${left} left)`,
    de: (/** @type {number} */ left) => `Noch eins (${left} übrig)`,
    es: (/** @type {number} */ left) => `Uno más (quedan ${left})`,
  },
  no_phone: {
    en: "No phone? I checked who it is",
    de: "Kein Handy? Ich habe geprüft, wer es ist",
    es: "¿Sin móvil? He comprobado quién es",
  },
  no_phone_of_age: {
    en: (/** @type {number} */ age) => `No phone? I checked who it is, and that they are ${age}`,
    de: (/** @type {number} */ age) => `Kein Handy? Ich habe geprüft, wer es ist und dass sie ${age} sind`,
    es: (/** @type {number} */ age) => `¿Sin móvil? He comprobado quién es y que tiene ${age} años`,
  },
};

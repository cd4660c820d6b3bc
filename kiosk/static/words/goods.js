/** What staff read of what is handed over, and of who should stand there. */

export const GOODS = {
  times: {
    en: (/** @type {number} */ count, /** @type {string} */ perk) => `${count} × ${perk}`,
    de: (/** @type {number} */ count, /** @type {string} */ perk) => `${count} × ${perk}`,
    es: (/** @type {number} */ count, /** @type {string} */ perk) => `${count} × ${perk}`,
  },
  more: {
    en: (/** @type {number} */ count, /** @type {number} */ left) =>
      count === 1 ? `One more (${left} left)` : `${count} more (${left} left)`,
    de: (/** @type {number} */ count, /** @type {number} */ left) =>
      count === 1 ? `Noch eins (${left} übrig)` : `Noch ${count} (${left} übrig)`,
    es: (/** @type {number} */ count, /** @type {number} */ left) =>
      count === 1 ? `Uno más (quedan ${left})` : `${count} más (quedan ${left})`,
  },
  fewer: { en: "One less", de: "Eins weniger", es: "Uno menos" },
  further: { en: "One more of them", de: "Eins dazu", es: "Añadir uno" },
  trophy: {
    en: (/** @type {string} */ name) => `For “${name}”`,
    de: (/** @type {string} */ name) => `Für „${name}“`,
    es: (/** @type {string} */ name) => `Por «${name}»`,
  },
};

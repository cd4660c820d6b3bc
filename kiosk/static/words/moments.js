/** Days and times as people say them. */

/** @typedef {(time: string) => string} OfTime */
/** @typedef {(day: string, time: string) => string} OfDay */

export const MOMENTS = {
  unknown: { en: "at an unknown time", de: "zu unbekannter Zeit", es: "a una hora desconocida" },
  today: {
    en: /** @type {OfTime} */ ((time) => `today ${time}`),
    de: /** @type {OfTime} */ ((time) => `heute ${time}`),
    es: /** @type {OfTime} */ ((time) => `hoy a las ${time}`),
  },
  yesterday: {
    en: /** @type {OfTime} */ ((time) => `yesterday ${time}`),
    de: /** @type {OfTime} */ ((time) => `gestern ${time}`),
    es: /** @type {OfTime} */ ((time) => `ayer a las ${time}`),
  },
  on: {
    en: /** @type {OfDay} */ ((day, time) => `${day} ${time}`),
    de: /** @type {OfDay} */ ((day, time) => `${day} ${time}`),
    es: /** @type {OfDay} */ ((day, time) => `el ${day} a las ${time}`),
  },
  minutes_ago: {
    en: (/** @type {string} */ time, /** @type {number} */ minutes) => `${time} (${minutes} min ago)`,
    de: (/** @type {string} */ time, /** @type {number} */ minutes) => `${time} (vor ${minutes} Min.)`,
    es: (/** @type {string} */ time, /** @type {number} */ minutes) => `${time} (hace ${minutes} min)`,
  },
  hours_ago: {
    en: (/** @type {string} */ time, /** @type {number} */ hours) => `${time} (${hours} h ago)`,
    de: (/** @type {string} */ time, /** @type {number} */ hours) => `${time} (vor ${hours} Std.)`,
    es: (/** @type {string} */ time, /** @type {number} */ hours) => `${time} (hace ${hours} h)`,
  },
};

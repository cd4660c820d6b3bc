// @ts-check
/** Says how long there is still time; the date itself stands on the page without it. */

const MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

/**
 * @param {number} seconds until then
 * @returns {string} in the two largest units, such as `2 days 3 h`
 */
export function inWords(seconds) {
  if (seconds < MINUTE) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ${Math.floor(seconds % MINUTE)} s`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ${Math.floor((seconds % HOUR) / MINUTE)} min`;
  const days = Math.floor(seconds / DAY);
  return `${days} ${days === 1 ? "day" : "days"} ${Math.floor((seconds % DAY) / HOUR)} h`;
}

/** @param {HTMLElement} place @param {number} now in milliseconds */
export function tick(place, now) {
  const seconds = (Date.parse(place.dataset.countdown ?? "") - now) / 1000;
  place.hidden = false;
  place.textContent = seconds > 0 ? `${place.dataset.before ?? ""}${inWords(seconds)}${place.dataset.after ?? ""}` : place.dataset.over ?? "";
  place.toggleAttribute("data-soon", seconds > 0 && seconds < 2 * HOUR);
}

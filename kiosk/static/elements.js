/** Finds what the template promises, with its type. */

/**
 * @template {Element} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 * @throws {Error} where the page has none of that kind
 */
export function element(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`#${id} is missing`);
  return found;
}

/**
 * Sets a text, and hides its element where there is none.
 * @param {HTMLElement} target
 * @param {string} text
 */
export function say(target, text) {
  target.textContent = text;
  target.hidden = text === "";
}

/**
 * One of the shapes that the template draws.
 * @param {string} shape
 * @returns {SVGSVGElement}
 */
export function drawing(shape) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#shape-${shape}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/**
 * Does something once a dialog is closed. A slow browser tells of it only when the dialog is open
 * again already: what is asked then stands, and this is not done.
 * @param {HTMLDialogElement} dialog
 * @param {() => void} done
 */
export function whenClosed(dialog, done) {
  dialog.addEventListener("close", () => {
    if (!dialog.open) done();
  });
}

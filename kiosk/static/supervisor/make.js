/** Makes the elements of dialogs that no template has. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<Omit<HTMLElementTagNameMap[Tag], "style" | "dataset">>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * A field with its words above it.
 * @param {string} text
 * @param {HTMLInputElement | HTMLSelectElement} field with an id
 */
export function labelled(text, field) {
  return make("p", { className: "supervisor-field" }, make("label", { htmlFor: field.id }, text), field);
}

/**
 * A box to tick, with its words behind it.
 * @param {string} text
 * @param {HTMLInputElement} box
 */
export function ticked(text, box) {
  return make("label", { className: "supervisor-tick" }, box, make("span", {}, text));
}

/**
 * A dialog that takes keys: no stray key closes it.
 * @param {string} id
 * @returns {HTMLDialogElement}
 */
export function dialogOf(id) {
  const dialog = make("dialog", { id, className: "supervisor" });
  dialog.dataset.takesKeys = "";
  dialog.setAttribute("aria-labelledby", `${id}-title`);
  document.body.append(dialog);
  return dialog;
}

/** @param {string} [text] */
export function complaintLine(text = "") {
  const line = make("p", { className: "complaint" }, text);
  line.setAttribute("role", "alert");
  return line;
}

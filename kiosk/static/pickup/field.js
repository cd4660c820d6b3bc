/** The field for a code, a name or an order's number. */

import { element } from "../elements.js";

const TYPING_MS = 250;

export class Field {
  /**
   * @param {Object} told
   * @param {() => void} told.onTyped once nothing more is typed for a moment
   * @param {() => void} told.onSubmit
   */
  constructor({ onTyped, onSubmit }) {
    this.input = element("entry", HTMLInputElement);
    this.complaint = element("entry-complaint", HTMLElement);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let typing;
    this.input.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(onTyped, TYPING_MS);
    });
    element("entry-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(typing);
      onSubmit();
    });
  }

  get text() {
    return this.input.value.trim();
  }

  clear() {
    this.input.value = "";
  }

  focus() {
    this.input.focus();
  }

  /** @param {string} sentence */
  complain(sentence) {
    this.complaint.textContent = sentence;
    this.input.setAttribute("aria-invalid", String(sentence !== ""));
  }
}

/** The field for typed codes, which also takes what a hand scanner types. */

import { element } from "./elements.js";
import { caretAfter, formatted, typed } from "./entry.js";
import { keepSaying } from "./words/speaking.js";

/** @import {Entry} from "./entry.js" */

/** Between two keys of a hand scanner, and of a quick typist, there is less. */
const TYPING_MS = 400;

export class EntryField {
  /**
   * @param {Object} told
   * @param {(entry: Entry) => void} told.onEntry
   * @param {() => void} told.onStrayKey keys go to the field: whatever covers it must go
   */
  constructor({ onEntry, onStrayKey }) {
    this.onEntry = onEntry;
    this.onStrayKey = onStrayKey;
    this.input = element("entry", HTMLInputElement);
    this.complaint = element("entry-complaint", HTMLElement);
    this.typedAt = -Infinity;
    this.input.addEventListener("input", () => this.format());
    element("entry-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    // Before anything else handles it: focus has to move while the key is still on its way.
    document.addEventListener("keydown", (event) => this.catchStray(event), { capture: true });
  }

  /** Whether somebody is in the middle of a code. */
  get isTyping() {
    return this.input.value !== "" && performance.now() - this.typedAt < TYPING_MS;
  }

  format() {
    this.typedAt = performance.now();
    this.complain("");
    const { value } = this.input;
    const caret = this.input.selectionStart ?? value.length;
    const text = formatted(value);
    if (text === value) return;
    this.input.value = text;
    const at = caretAfter(value.slice(0, caret), text);
    this.input.setSelectionRange(at, at);
  }

  send() {
    const text = this.input.value;
    const reading = typed(text);
    if ("complaint" in reading) return keepSaying(this.complaint, () => this.complainAbout(text));
    this.input.value = "";
    this.complain("");
    this.onEntry(reading.entry);
  }

  /** @param {string} text while it stands there */
  complainAbout(text) {
    const reading = typed(text);
    if ("complaint" in reading && this.input.value === text) this.complain(reading.complaint);
  }

  /** @param {string} sentence */
  complain(sentence) {
    this.complaint.textContent = sentence;
    this.input.setAttribute("aria-invalid", String(sentence !== ""));
  }

  /**
   * A hand scanner types wherever the focus happens to be.
   * @param {KeyboardEvent} event
   */
  catchStray(event) {
    const isText = event.key.length === 1 && event.key !== " ";
    if (!isText || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === this.input || document.querySelector("dialog[data-takes-keys][open]")) return;
    this.onStrayKey();
    this.input.focus();
    if (!this.isTyping) this.input.select();
  }
}

/** The drill before doors open: one verdict, and each part of it with what to do. */

import { drawing, element } from "../elements.js";
import { DRILL } from "../words/drill.js";
import { word } from "../words/language.js";
import { keepSaying } from "../words/speaking.js";
import { checksOf, verdictOf } from "./checks.js";
import { find } from "./finding.js";

/** @import {Sound} from "../sound.js" */
/** @import {Check, Found, State} from "./checks.js" */
/** @import {Parts} from "./finding.js" */

/** What `test-code.svg` says: no voucher, and nothing that could be one. */
const TEST_CODE = "KEEPSAKE:TEST";
const EVERY_MS = 3000;
/** As staff know them from answers. @type {Record<State, import("../looks.js").Shape>} */
const SHAPES = { go: "check", look: "hand", no: "cross", ask: "question" };

export class Drill {
  /**
   * @param {Parts} parts
   * @param {Sound} sound
   */
  constructor(parts, sound) {
    this.parts = parts;
    this.sound = sound;
    this.tried = { sawCode: false, heard: /** @type {boolean | null} */ (null) };
    this.wasPlayed = false;
    /** @type {Found | null} */
    this.found = null;
    this.timer = 0;
    this.dialog = element("drill", HTMLDialogElement);
    this.verdict = element("drill-verdict", HTMLElement);
    this.list = element("drill-list", HTMLUListElement);
    this.video = element("drill-video", HTMLVideoElement);
    this.code = element("drill-code", HTMLElement);
    this.codeButton = this.button("drill-show", DRILL.showCode, () => this.toggleCode());
    this.button("drill-close", DRILL.close, () => this.dialog.close());
    this.button("drill-open", DRILL.open, () => this.open());
    this.playButton = this.button("drill-play", DRILL.play, () => this.play());
    this.heardButton = this.button("drill-heard", DRILL.heard, () => this.hear(true));
    this.notHeardButton = this.button("drill-not-heard", DRILL.notHeard, () => this.hear(false));
    this.dialog.addEventListener("close", () => this.closed());
    keepSaying(this.dialog, () => this.name());
  }

  name() {
    element("drill-title", HTMLElement).textContent = word(DRILL.title);
    element("drill-code-hint", HTMLElement).textContent = word(DRILL.codeHint);
    element("drill-code-image", HTMLImageElement).alt = word(DRILL.codeAlt);
  }

  /**
   * @param {string} id
   * @param {import("../words/language.js").Said<[]>} said
   * @param {() => void} onPress
   */
  button(id, said, onPress) {
    const button = element(id, HTMLButtonElement);
    keepSaying(button, () => { button.textContent = word(said); });
    button.addEventListener("click", onPress);
    return button;
  }

  get isOpen() {
    return this.dialog.open;
  }

  open() {
    this.tried = { sawCode: false, heard: null };
    this.wasPlayed = false;
    this.verdict.textContent = word(DRILL.asking);
    this.dialog.dataset.state = "ask";
    const main = element("video", HTMLVideoElement);
    this.video.srcObject = main.srcObject;
    this.video.hidden = main.srcObject === null;
    this.video.play().catch(() => {});
    this.dialog.showModal();
    this.look();
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  closed() {
    clearInterval(this.timer);
    this.video.srcObject = null;
    if (!this.code.hidden) this.toggleCode();
  }

  /**
   * The camera read something. While this is open any code shows that it does, and none is redeemed by
   * it; the test code never is.
   * @param {string} text
   * @returns {boolean} whether it is none for the desk
   */
  takes(text) {
    if (this.isOpen && !this.tried.sawCode) {
      this.tried.sawCode = true;
      this.sound.play("checked");
      this.draw();
    }
    return this.isOpen || text === TEST_CODE;
  }

  play() {
    this.wasPlayed = true;
    this.tried.heard = null;
    this.sound.play("good");
    this.draw();
  }

  /** @param {boolean} heard */
  hear(heard) {
    this.tried.heard = heard;
    this.wasPlayed = false;
    this.draw();
    this.playButton.focus();
  }

  toggleCode() {
    this.code.hidden = !this.code.hidden;
    this.codeButton.textContent = word(this.code.hidden ? DRILL.showCode : DRILL.hideCode);
    this.codeButton.setAttribute("aria-expanded", String(!this.code.hidden));
  }

  async look() {
    this.found = await find(this.parts, this.tried);
    this.draw();
  }

  draw() {
    this.heardButton.hidden = this.notHeardButton.hidden = !this.wasPlayed;
    if (!this.found) return;
    const { camera, sound } = this.found;
    const checks = checksOf({
      ...this.found, camera: { ...camera, sawCode: this.tried.sawCode }, sound: { ...sound, heard: this.tried.heard },
    });
    const { state, word: said } = verdictOf(checks);
    this.dialog.dataset.state = state;
    // Read out when it changes, and not each time it is drawn.
    if (this.verdict.textContent !== said) this.verdict.textContent = said;
    this.list.replaceChildren(...checks.map(row));
  }
}

/** @param {Check} check */
function row({ key, name, state, sentence }) {
  const item = document.createElement("li"), text = document.createElement("p");
  const title = document.createElement("strong"), mark = document.createElement("span");
  item.dataset.check = key;
  item.dataset.state = state;
  title.textContent = name;
  mark.className = "drill-mark";
  mark.textContent = word(DRILL[state]);
  text.textContent = sentence;
  item.append(drawing(SHAPES[state]), title, mark, text);
  return item;
}

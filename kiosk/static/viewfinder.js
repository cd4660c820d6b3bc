/** The camera on the page: starts it with the reader, and says what staff can do where it is off. */

import { Camera, CameraRefused } from "./camera.js";
import { element, say } from "./elements.js";
import { Controls, chosenCamera, forgetCamera } from "./lens/controls.js";
import { word } from "./words/language.js";
import { PICTURES, REASONS, STILL_WORKS } from "./words/pictures.js";
import { keepSaying } from "./words/speaking.js";

/** @import {Reader} from "./reader.js" */
/** @import {Said} from "./words/language.js" */

export class Viewfinder {
  /**
   * @param {Reader} reader
   * @param {HTMLElement} hint
   */
  constructor(reader, hint) {
    this.reader = reader;
    this.hint = hint;
    this.camera = new Camera(element("video", HTMLVideoElement));
    this.startButton = element("camera-start", HTMLButtonElement);
    this.torchButton = element("torch", HTMLButtonElement);
    this.controls = new Controls(this.camera, (deviceId) => this.startCamera(deviceId));
    this.startButton.addEventListener("click", () => this.startCamera());
    this.torchButton.addEventListener("click", () => this.toggleTorch());
    document.addEventListener("visibilitychange", () => this.comeBack());
    this.camera.onlost = () => this.isOff(REASONS.lost, "lost");
  }

  start() {
    this.startReader();
    this.startCamera();
  }

  /**
   * Starts the camera that was chosen on this device; where that is gone, the usual one.
   * @param {string} [deviceId]
   */
  async startCamera(deviceId = chosenCamera()) {
    const { body } = document;
    delete body.dataset.ready;
    this.startButton.hidden = true;
    try {
      await this.camera.open(deviceId).catch((error) => this.openUsual(error, deviceId));
      body.dataset.camera = "running";
      this.markReady();
    } catch (error) {
      this.isOff(error instanceof CameraRefused ? error.reason : REASONS.other, "refused");
    }
    this.torchButton.hidden = !this.camera.hasTorch;
    await this.controls.draw();
  }

  /**
   * @param {unknown} error
   * @param {string} [deviceId]
   */
  async openUsual(error, deviceId) {
    if (!deviceId || !(error instanceof CameraRefused) || !error.isGone) throw error;
    forgetCamera();
    await this.camera.open();
  }

  async startReader() {
    try {
      await this.reader.ready;
      document.body.dataset.reader = "ready";
      this.markReady();
    } catch {
      document.body.dataset.reader = "failed";
      keepSaying(this.hint, () => say(this.hint, word(PICTURES.no_reader)));
    }
  }

  /**
   * @param {Said<[]>} reason
   * @param {"refused" | "lost"} state
   */
  isOff(reason, state) {
    const { body } = document;
    delete body.dataset.ready;
    body.dataset.camera = state;
    const text = element("camera-reason", HTMLElement);
    keepSaying(text, () => say(text, `${word(reason)} ${word(STILL_WORKS)}`));
    this.startButton.hidden = false;
  }

  markReady() {
    const { dataset } = document.body;
    if (dataset.reader === "ready" && dataset.camera === "running") dataset.ready = "true";
  }

  async toggleTorch() {
    await this.camera.toggleTorch().catch(() => {});
    this.torchButton.setAttribute("aria-pressed", String(this.camera.lit));
  }

  comeBack() {
    // Phones take the camera away from a page that nobody sees. One that was refused is not asked
    // for again and again.
    const isGone = document.body.dataset.camera === "lost" || this.camera.track?.readyState === "ended";
    if (!document.hidden && isGone) this.startCamera();
  }
}

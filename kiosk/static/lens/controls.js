/** Choosing among cameras by their names, and zooming: shown where the device can. */

import { element } from "../elements.js";
import { lensesOf, zoomOf } from "./lenses.js";

/** @import {Camera} from "../camera.js" */

const KEPT = "keepsake.camera";

/** @returns {string | undefined} the camera that was chosen on this device */
export function chosenCamera() {
  return localStorage.getItem(KEPT) ?? undefined;
}

/** It is not there any more: the usual one is taken from now on. */
export function forgetCamera() {
  localStorage.removeItem(KEPT);
}

export class Controls {
  /**
   * @param {Camera} camera
   * @param {(deviceId: string) => void} onChoose
   */
  constructor(camera, onChoose) {
    this.camera = camera;
    this.lens = element("lens", HTMLElement);
    this.list = element("cameras", HTMLSelectElement);
    this.zoomRow = element("zoom-row", HTMLElement);
    this.zoom = element("zoom", HTMLInputElement);
    this.list.addEventListener("change", () => {
      localStorage.setItem(KEPT, this.list.value);
      onChoose(this.list.value);
    });
    this.zoom.addEventListener("input", () => this.camera.zoomTo(Number(this.zoom.value)).catch(() => {}));
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.draw());
  }

  /** The camera was opened, or is off: names are known only once it was allowed. */
  async draw() {
    const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
    const lenses = lensesOf(devices), here = this.camera.track?.getSettings().deviceId ?? "";
    this.list.replaceChildren(...lenses.map(({ id, name }) => new Option(name, id, false, id === here)));
    this.lens.hidden = lenses.length < 2;
    this.drawZoom();
  }

  drawZoom() {
    const can = /** @type {import("./lenses.js").Zoomable | undefined} */ (this.camera.track?.getCapabilities?.());
    const range = zoomOf(can);
    this.zoomRow.hidden = range === null;
    if (!range) return;
    const { min, max, step } = range;
    Object.assign(this.zoom, { min: String(min), max: String(max), step: String(step) });
    this.zoom.value = String(this.camera.zoomed ?? min);
  }
}

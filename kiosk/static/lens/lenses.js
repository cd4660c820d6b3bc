/** Which cameras a device has, and how far one can be zoomed. Pure. */

import { LENS } from "../words/lens.js";
import { word } from "../words/language.js";

/** @typedef {{id: string, name: string}} Lens */
/** @typedef {{min: number, max: number, step: number}} ZoomRange */
/** What browsers' types leave out. @typedef {{zoom?: {min?: number, max?: number, step?: number}}} Zoomable */

/** Steps of a slider whose camera says none. */
const STEPS = 50;

/**
 * @param {Pick<MediaDeviceInfo, "kind" | "deviceId" | "label">[]} devices
 * @returns {Lens[]} the cameras, by the names that the device gives them
 */
export function lensesOf(devices) {
  const cameras = devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "");
  return cameras.map(({ deviceId, label }, at) => ({
    id: deviceId,
    // Some end in the ids of a USB device: "HD Camera (04f2:b6d9)".
    name: label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/i, "") || word(LENS.unnamed, at + 1),
  }));
}

/**
 * @param {Zoomable | undefined} can what a camera says it can
 * @returns {ZoomRange | null} null where it cannot be zoomed
 */
export function zoomOf(can) {
  const { min, max, step } = can?.zoom ?? {};
  if (min === undefined || max === undefined || !(max > min)) return null;
  return { min, max, step: step && step > 0 ? step : (max - min) / STEPS };
}

/** The camera: opens it, shows it, and gives out a frame about ten times a second. */

import { canDrawInWorker, pixelsOf } from "./reader.js";
import { REASONS } from "./words/pictures.js";

/** @import {Said} from "./words/language.js" */

const FRAME_MS = 100;
const FALLBACK_SIZE = 1000;

export class CameraRefused extends Error {
  /** @param {string} cause a DOMException's name */
  constructor(cause) {
    super(cause);
    const known = /** @type {Record<string, Said<[]>>} */ (REASONS);
    this.reason = (Object.hasOwn(known, cause) ? known[cause] : undefined) ?? REASONS.other;
    /** Whether the one that was asked for is not there. */
    this.isGone = cause === "OverconstrainedError" || cause === "NotFoundError";
  }
}

/** @typedef {{torch?: boolean}} Light what browsers' types leave out */

export class Camera {
  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.video = video;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    this.lit = false;
    /** Told when the device takes the camera away. */
    this.onlost = () => {};
  }

  /**
   * Starts the camera that looks away from staff, or the one named.
   * @param {string} [deviceId]
   * @throws {CameraRefused} with a reason for staff
   */
  async open(deviceId) {
    this.close();
    if (!navigator.mediaDevices?.getUserMedia) throw new CameraRefused("SecurityError");
    /** @type {MediaTrackConstraints} */
    const which = deviceId
      ? { deviceId: { exact: deviceId } }
      : { facingMode: { ideal: "environment" } };
    const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { ...which, ...size } });
      this.video.srcObject = stream;
      this.track = stream.getVideoTracks()[0] ?? null;
      if (this.track) this.track.onended = () => this.onlost();
      await this.video.play();
    } catch (error) {
      this.close();
      throw new CameraRefused(error instanceof DOMException ? error.name : "");
    }
  }

  close() {
    if (this.track) this.track.onended = null;
    this.track?.stop();
    this.track = null;
    this.lit = false;
    this.video.srcObject = null;
  }

  /** Whether there is a light to switch on. */
  get hasTorch() {
    const can = /** @type {Light | undefined} */ (this.track?.getCapabilities?.());
    return can?.torch === true;
  }

  async toggleTorch() {
    /** @type {MediaTrackConstraintSet & Light} */
    const light = { torch: !this.lit };
    await this.track?.applyConstraints({ advanced: [light] });
    this.lit = !this.lit;
  }

  /** How near it looks, in the camera's own measure; undefined where it does not say. */
  get zoomed() {
    const told = /** @type {{zoom?: number} | undefined} */ (this.track?.getSettings());
    return told?.zoom;
  }

  /** @param {number} zoom */
  async zoomTo(zoom) {
    /** @type {MediaTrackConstraintSet & {zoom: number}} */
    const near = { zoom };
    await this.track?.applyConstraints({ advanced: [near] });
  }

  /**
   * Hands over frames for as long as the page lives, one at a time; while there is no picture it
   * waits. A frame that cannot be read never ends it.
   * @param {(frame: ImageBitmap | ImageData) => Promise<void>} look
   */
  async watch(look) {
    for (;;) {
      const began = performance.now();
      if (this.hasPicture) await this.frame().then(look).catch(() => {});
      const left = FRAME_MS - (performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, Math.max(left, 10)));
    }
  }

  get hasPicture() {
    const enough = this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    return this.track !== null && enough && this.video.videoWidth > 0 && !document.hidden;
  }

  /** @returns {Promise<ImageBitmap | ImageData>} */
  async frame() {
    if (canDrawInWorker()) return createImageBitmap(this.video);
    return pixelsOf(this.video, this.video.videoWidth, this.video.videoHeight, FALLBACK_SIZE);
  }
}

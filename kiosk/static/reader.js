/** The page's side of reader-worker.js. */

const CAMERA_SIZE = 1280;

/**
 * The sizes at which an uploaded picture is tried. Small ones first: a photo of a screen is often
 * read better once its grid of pixels has been averaged away. Then larger, for a small QR.
 */
const PICTURE_SIZES = [900, 1400, 600, 2200, 3200];

export class Reader {
  constructor() {
    this.worker = new Worker("/kiosk/static/reader-worker.js", { type: "module" });
    /** @type {Map<number, (text: string) => void>} */
    this.waiting = new Map();
    this.count = 0;
    /** @type {Promise<void>} resolved once codes can be read */
    this.ready = new Promise((resolve, reject) => {
      this.worker.onerror = () => reject(new Error("the reader did not load"));
      this.worker.onmessage = ({ data: word }) => {
        if (word.ready === true) resolve();
        else if (word.ready === false) reject(new Error(word.fault));
        else this.answered(word.id, word.text);
      };
    });
  }

  /**
   * @param {ImageBitmap | ImageData} frame given away: it cannot be used afterwards
   * @returns {Promise<string>} the QR's text, or empty
   */
  readFrame(frame) {
    const longest = Math.max(frame.width, frame.height);
    return this.ask(frame, [Math.min(longest, CAMERA_SIZE)]);
  }

  /**
   * Reads a photo or a screenshot, with patience.
   * @param {Blob} file
   * @returns {Promise<string>} the QR's text, or empty
   * @throws {DOMException} where the browser cannot open the file as a picture
   * @throws {Error} where the reader did not load
   */
  async readPicture(file) {
    await this.ready;
    const bitmap = await createImageBitmap(file);
    if (canDrawInWorker()) return this.ask(bitmap, PICTURE_SIZES);
    for (const size of PICTURE_SIZES) {
      const text = await this.ask(pixelsOf(bitmap, bitmap.width, bitmap.height, size), [size]);
      if (text) return text;
    }
    return "";
  }

  /**
   * @param {ImageBitmap | ImageData} picture
   * @param {number[]} sizes
   * @returns {Promise<string>}
   */
  ask(picture, sizes) {
    const id = (this.count += 1);
    const moved = picture instanceof ImageData ? [picture.data.buffer] : [picture];
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ id, picture, sizes }, moved);
    });
  }

  /**
   * @param {number} id
   * @param {string} text
   */
  answered(id, text) {
    this.waiting.get(id)?.(text);
    this.waiting.delete(id);
  }
}

/** Older Safari has no canvas in workers: there the page draws, and hands over the pixels. */
export function canDrawInWorker() {
  return typeof OffscreenCanvas !== "undefined";
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @param {number} size its longest side afterwards
 * @returns {ImageData}
 */
export function pixelsOf(source, width, height, size) {
  const scale = size / Math.max(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas to draw on");
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

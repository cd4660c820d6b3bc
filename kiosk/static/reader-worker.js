/**
 * Reads QR codes away from the page, so that a slow frame never holds up a tap.
 * In: {id, picture: ImageBitmap | ImageData, sizes}. Out: {ready} once, then {id, text} each.
 */

import { prepareZXingModule, readBarcodes } from "/kiosk/vendor/zxing/es/reader/index.js";

/**
 * @typedef {Object} Request
 * @property {number} id
 * @property {ImageBitmap | ImageData} picture
 * @property {number[]} sizes longest sides to try, in pixels, until one is read
 */

// Its own default is a public network's address; ours comes from where the page came from.
const VENDOR = "/kiosk/vendor/zxing/reader/";

/** @type {import("/kiosk/vendor/zxing/es/reader/index.js").ReaderOptions} */
const OPTIONS = { formats: ["QRCode"], maxNumberOfSymbols: 1, textMode: "Plain" };

/** White around a picture: a screenshot cut close has lost the quiet zone that a QR needs. */
const MARGIN = 24;

/** Past this, enlarging a small picture costs time and shows nothing new. */
const LARGEST_ZOOM = 3;

/** @param {Request} request */
async function read({ picture, sizes }) {
  if (picture instanceof ImageData) return textIn(picture, false);
  try {
    const thorough = sizes.length > 1;
    const largest = LARGEST_ZOOM * Math.max(picture.width, picture.height);
    for (const size of new Set(sizes.map((each) => Math.min(each, largest)))) {
      const text = await textIn(drawn(picture, size, thorough ? MARGIN : 0), thorough);
      if (text) return text;
    }
    return "";
  } finally {
    picture.close();
  }
}

/**
 * @param {ImageData} pixels
 * @param {boolean} tryDenoise
 * @returns {Promise<string>}
 */
async function textIn(pixels, tryDenoise) {
  const [found] = await readBarcodes(pixels, { ...OPTIONS, tryDenoise });
  return found?.text ?? "";
}

/**
 * @param {ImageBitmap} picture
 * @param {number} size
 * @param {number} margin
 * @returns {ImageData}
 */
function drawn(picture, size, margin) {
  const scale = size / Math.max(picture.width, picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width + 2 * margin, height + 2 * margin);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas to draw on");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, margin, margin, width, height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

addEventListener("message", async (event) => {
  const request = /** @type {Request} */ (event.data);
  try {
    postMessage({ id: request.id, text: await read(request) });
  } catch (error) {
    // A picture that cannot be read is one without a code; the next one gets its turn.
    postMessage({ id: request.id, text: "", fault: String(error) });
  }
});

try {
  await prepareZXingModule({
    overrides: { locateFile: (/** @type {string} */ name) => VENDOR + name },
    fireImmediately: true,
  });
  postMessage({ ready: true });
} catch (error) {
  postMessage({ ready: false, fault: String(error) });
}

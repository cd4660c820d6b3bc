/** What staff read of the cameras of their device. */

export const LENS = {
  camera: { en: "Camera", de: "Kamera", es: "Cámara" },
  unnamed: {
    en: (/** @type {number} */ number) => `Camera ${number}`,
    de: (/** @type {number} */ number) => `Kamera ${number}`,
    es: (/** @type {number} */ number) => `Cámara ${number}`,
  },
  zoom: { en: "Zoom", de: "Zoom", es: "Zoom" },
};

/** The button that switches the sound. */

export const SOUND = {
  on: { en: "Sound on", de: "Ton an", es: "Sonido activado" },
  off: { en: "Sound off", de: "Ton aus", es: "Sonido apagado" },
};

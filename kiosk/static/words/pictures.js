/** Reading codes with the camera, and from a picture. */

export const PICTURES = {
  reading: { en: "Reading the picture…", de: "Das Bild wird gelesen…", es: "Leyendo la imagen…" },
  no_code: {
    en: "No QR code was found in that picture. Try a sharper or closer one.",
    de: "In dem Bild ist kein QR-Code zu finden. Nimm ein schärferes oder näheres.",
    es: "No hay ningún código QR en esa imagen. Prueba una más nítida o más cercana.",
  },
  no_picture: {
    en: "This file cannot be opened as a picture. Try a screenshot.",
    de: "Diese Datei lässt sich nicht als Bild öffnen. Versuch es mit einem Screenshot.",
    es: "Este archivo no se puede abrir como imagen. Prueba con una captura de pantalla.",
  },
  no_reader: {
    en: "The code reader did not load. Reload the page; typed codes still work.",
    de: "Der Codeleser wurde nicht geladen. Lade die Seite neu; getippte Codes gehen weiter.",
    es: "El lector de códigos no se cargó. Recarga la página; los códigos escritos sí funcionan.",
  },
};

/** Why there is no camera, by the name of the browser's error. */
export const REASONS = {
  NotAllowedError: {
    en: "This browser was not allowed to use the camera. Allow it in the settings of this page, then tap"
      + " “Try the camera again”.",
    de: "Dieser Browser darf die Kamera nicht benutzen. Erlaube es in den Einstellungen dieser Seite und"
      + " tippe dann auf „Kamera noch einmal starten“.",
    es: "Este navegador no tiene permiso para usar la cámara. Permítelo en los ajustes de esta página y"
      + " luego toca «Probar la cámara otra vez».",
  },
  NotFoundError: {
    en: "This device has no camera.",
    de: "Dieses Gerät hat keine Kamera.",
    es: "Este dispositivo no tiene cámara.",
  },
  NotReadableError: {
    en: "Another app is using the camera. Close it, then tap “Try the camera again”.",
    de: "Eine andere App benutzt die Kamera. Schließ sie und tippe dann auf „Kamera noch einmal starten“.",
    es: "Otra aplicación está usando la cámara. Ciérrala y luego toca «Probar la cámara otra vez».",
  },
  OverconstrainedError: {
    en: "This device's camera cannot be used here.",
    de: "Die Kamera dieses Geräts ist hier nicht zu gebrauchen.",
    es: "La cámara de este dispositivo no se puede usar aquí.",
  },
  SecurityError: {
    en: "The camera only works on a secure (https) address.",
    de: "Die Kamera geht nur auf einer sicheren Adresse (https).",
    es: "La cámara solo funciona en una dirección segura (https).",
  },
  lost: {
    en: "The camera was taken away.",
    de: "Die Kamera wurde weggenommen.",
    es: "La cámara dejó de estar disponible.",
  },
  other: {
    en: "The camera did not start.",
    de: "Die Kamera ist nicht gestartet.",
    es: "La cámara no arrancó.",
  },
};

export const STILL_WORKS = {
  en: "Typed codes and pictures still work.",
  de: "Getippte Codes und Bilder gehen weiter.",
  es: "Los códigos escritos y las imágenes siguen funcionando.",
};

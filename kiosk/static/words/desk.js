/** What stands on the page while nothing is answered. The template has the English, held to this. */

export const DESK = {
  device: { en: "Device", de: "Gerät", es: "Dispositivo" },
  alone: { en: "Without the server", de: "Ohne den Server", es: "Sin el servidor" },
  camera: { en: "Camera", de: "Kamera", es: "Cámara" },
  camera_sees: {
    en: "What the camera sees", de: "Was die Kamera sieht", es: "Lo que ve la cámara",
  },
  camera_starts: {
    en: "Starting the camera…", de: "Die Kamera startet…", es: "Iniciando la cámara…",
  },
  camera_again: {
    en: "Try the camera again", de: "Kamera noch einmal starten", es: "Probar la cámara otra vez",
  },
  hint: {
    en: "Hold the member's code in the frame.",
    de: "Halte den Code des Mitglieds in den Rahmen.",
    es: "Pon el código del miembro dentro del marco.",
  },
  other_ways: {
    en: "Scan in another way", de: "Anders scannen", es: "Escanear de otra forma",
  },
  check_only: { en: "Check only", de: "Nur prüfen", es: "Solo comprobar" },
  check_only_means: {
    en: "says what a code is worth, changes nothing",
    de: "sagt, was ein Code wert ist, und ändert nichts",
    es: "dice qué vale un código y no cambia nada",
  },
  type_code: {
    en: "Type the code under the QR",
    de: "Tippe den Code unter dem QR ein",
    es: "Escribe el código que está bajo el QR",
  },
  go: { en: "Go", de: "Los", es: "Ir" },
  open_picture: { en: "Open a picture", de: "Bild öffnen", es: "Abrir una imagen" },
  light: { en: "Light", de: "Licht", es: "Luz" },
  other_camera: { en: "Other camera", de: "Andere Kamera", es: "Otra cámara" },
  recent: { en: "Last scans", de: "Letzte Scans", es: "Últimos escaneos" },
  recent_none: {
    en: "Nothing scanned here yet.",
    de: "Hier wurde noch nichts gescannt.",
    es: "Aquí aún no se ha escaneado nada.",
  },
};

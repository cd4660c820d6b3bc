/** What staff read before doors open: is this device ready, and what is to be done. */

/** @typedef {(count: number) => string} Counted */

export const DRILL = {
  open: { en: "Ready?", de: "Bereit?", es: "¿Listo?" },
  title: { en: "Before doors open", de: "Vor dem Einlass", es: "Antes de abrir" },
  close: { en: "Close", de: "Schließen", es: "Cerrar" },
  asking: { en: "Looking…", de: "Ich sehe nach …", es: "Comprobando…" },
  go: { en: "Go", de: "Gut", es: "Bien" },
  look: { en: "Look", de: "Ansehen", es: "Mirar" },
  no: { en: "No-go", de: "So nicht", es: "Así no" },
  ask: { en: "Try it", de: "Testen", es: "Probar" },
  ready: { en: "Ready", de: "Bereit", es: "Listo" },
  readyButLook: {
    en: (/** @type {number} */ count) => `Ready, ${count} to look at`,
    de: (/** @type {number} */ count) => `Bereit, ${count} zum Ansehen`,
    es: (/** @type {number} */ count) => `Listo, ${count} por mirar`,
  },
  toTry: {
    en: (/** @type {number} */ count) => `${count} to try`,
    de: (/** @type {number} */ count) => `Noch ${count} zu testen`,
    es: (/** @type {number} */ count) => `${count} por probar`,
  },
  notReady: { en: "Not ready", de: "Nicht bereit", es: "No está listo" },
  showCode: { en: "Show the test code", de: "Testcode zeigen", es: "Mostrar código de prueba" },
  hideCode: { en: "Hide the test code", de: "Testcode verbergen", es: "Ocultar código" },
  codeHint: {
    en: "For the camera of another device, or to print. It is no voucher.",
    de: "Für die Kamera eines anderen Geräts oder zum Drucken. Es ist kein Gutschein.",
    es: "Para la cámara de otro dispositivo o para imprimir. No es un vale.",
  },
  codeAlt: { en: "Test code", de: "Testcode", es: "Código de prueba" },
  play: { en: "Play the sound", de: "Ton abspielen", es: "Reproducir sonido" },
  heard: { en: "I heard it", de: "Gehört", es: "Lo oí" },
  notHeard: { en: "Not heard", de: "Nicht gehört", es: "No lo oí" },

  camera: { en: "Camera", de: "Kamera", es: "Cámara" },
  cameraOff: {
    en: "It gives no picture. Start it on the desk page, or allow it for this page. Typed codes still work.",
    de: "Sie gibt kein Bild. Starte sie auf der Seite oder erlaube sie hier. Getippte Codes gehen trotzdem.",
    es: "No da imagen. Iníciala en la página o permítela aquí. Los códigos escritos sí funcionan.",
  },
  readerOff: {
    en: "The code reader did not load. Reload the page.",
    de: "Der Code-Leser ist nicht geladen. Lade die Seite neu.",
    es: "El lector no se cargó. Recarga la página.",
  },
  cameraTry: {
    en: "Hold the test code before it, on another screen or on paper.",
    de: "Halte den Testcode davor, auf einem anderen Bildschirm oder auf Papier.",
    es: "Pon delante el código de prueba, en otra pantalla o en papel.",
  },
  cameraGo: { en: "It reads codes.", de: "Sie liest Codes.", es: "Lee códigos." },
  sound: { en: "Sound", de: "Ton", es: "Sonido" },
  soundOff: {
    en: "It is switched off on the desk page.", de: "Er ist auf der Seite ausgeschaltet.",
    es: "Está apagado en la página.",
  },
  soundTry: {
    en: "Play it, as loud as the room will be.", de: "Spiel ihn ab, so laut, wie es sein muss.",
    es: "Reprodúcelo con el volumen que hará falta.",
  },
  soundNot: {
    en: "Turn the volume up and end silent mode. The screen says everything as well.",
    de: "Mach lauter und den Stummmodus aus. Der Bildschirm sagt auch alles.",
    es: "Sube el volumen y quita el silencio. La pantalla también lo dice todo.",
  },
  soundGo: { en: "It is heard.", de: "Er ist zu hören.", es: "Se oye." },
  shake: { en: "Vibration", de: "Vibration", es: "Vibración" },
  shakeGo: {
    en: "It shakes with every answer.", de: "Es vibriert bei jeder Antwort.", es: "Vibra con cada respuesta.",
  },
  shakeNot: {
    en: "This device cannot. Screen and sound say it.", de: "Das kann dieses Gerät nicht. Bild und Ton genügen.",
    es: "Este dispositivo no puede. Bastan pantalla y sonido.",
  },
  network: { en: "Network", de: "Netz", es: "Red" },
  networkGo: {
    en: (/** @type {number} */ ms) => `The server answers in ${ms} ms.`,
    de: (/** @type {number} */ ms) => `Der Server antwortet in ${ms} ms.`,
    es: (/** @type {number} */ ms) => `El servidor responde en ${ms} ms.`,
  },
  networkSlow: {
    en: (/** @type {number} */ ms) => `Slow: ${ms} ms. Move nearer to the Wi-Fi, or use mobile data.`,
    de: (/** @type {number} */ ms) => `Langsam: ${ms} ms. Näher ans WLAN, oder nimm mobile Daten.`,
    es: (/** @type {number} */ ms) => `Lento: ${ms} ms. Acércate al wifi o usa datos móviles.`,
  },
  networkAlone: {
    en: "No server. This device can decide by itself for a while.",
    de: "Kein Server. Das Gerät kann eine Weile allein entscheiden.",
    es: "Sin servidor. El dispositivo puede decidir solo un rato.",
  },
  networkNone: {
    en: "No server, and this device cannot decide by itself. Find a network.",
    de: "Kein Server, und allein kann das Gerät nichts entscheiden. Such ein Netz.",
    es: "Sin servidor, y el dispositivo no puede decidir solo. Busca una red.",
  },
  unpaired: {
    en: "This browser is not paired. Ask an organiser for a pairing link.",
    de: "Dieser Browser ist nicht gekoppelt. Frag die Orga nach einem Link.",
    es: "Este navegador no está vinculado. Pide un enlace a la organización.",
  },
  clock: { en: "Clock", de: "Uhr", es: "Reloj" },
  clockGo: { en: "It is right.", de: "Sie geht richtig.", es: "Está en hora." },
  clockOff: {
    en: (/** @type {string} */ time) => `It is wrong by ${time}. Set it to automatic.`,
    de: (/** @type {string} */ time) => `Sie geht um ${time} falsch. Stell sie auf automatisch.`,
    es: (/** @type {string} */ time) => `Se equivoca en ${time}. Ponlo en automático.`,
  },
  unknown: {
    en: "Not known without the server.", de: "Ohne Server nicht bekannt.", es: "No se sabe sin el servidor.",
  },
  knows: { en: "Vouchers and keys", de: "Gutscheine und Schlüssel", es: "Vales y claves" },
  knowsGo: {
    en: (/** @type {string} */ time) => `Known as of ${time}.`,
    de: (/** @type {string} */ time) => `Bekannt, Stand ${time}.`,
    es: (/** @type {string} */ time) => `Conocidos a las ${time}.`,
  },
  knowsOld: {
    en: (/** @type {string} */ time) => `Known as of ${time}. Bring this device into a network for a moment.`,
    de: (/** @type {string} */ time) => `Stand ${time}. Bring das Gerät kurz in ein Netz.`,
    es: (/** @type {string} */ time) => `Conocidos a las ${time}. Conecta el dispositivo un momento.`,
  },
  knowsNot: {
    en: "Without a network it could decide nothing. Leave this page open in a network for a minute.",
    de: "Ohne Netz könnte es nichts entscheiden. Lass die Seite eine Minute im Netz offen.",
    es: "Sin red no podría decidir. Deja la página abierta con red un minuto.",
  },
  queue: { en: "To be sent", de: "Zu senden", es: "Por enviar" },
  queueGo: { en: "Nothing waits.", de: "Nichts wartet.", es: "No queda nada." },
  queueWaits: {
    en: (/** @type {number} */ count) => `${count} waiting. Bring this device into a network, and “Send now”.`,
    de: (/** @type {number} */ count) => `${count} warten. Bring das Gerät in ein Netz und sende sie.`,
    es: (/** @type {number} */ count) => `${count} en espera. Conecta el dispositivo y envíalos.`,
  },
  queuePeople: {
    en: (/** @type {number} */ count) => `${count} for an organiser to look at: see the list on the desk page.`,
    de: (/** @type {number} */ count) => `${count} für die Orga: siehe die Liste auf der Seite.`,
    es: (/** @type {number} */ count) => `${count} para la organización: mira la lista en la página.`,
  },
  disk: { en: "Storage", de: "Speicher", es: "Almacenamiento" },
  diskGo: {
    en: "What is kept here stays.", de: "Was hier liegt, bleibt.", es: "Lo guardado aquí se queda.",
  },
  diskLook: {
    en: "The browser may clear it. Add this page to the home screen, and use no private window.",
    de: "Der Browser könnte ihn leeren. Leg die Seite auf den Startbildschirm, kein privates Fenster.",
    es: "El navegador puede borrarlo. Añade la página a inicio y no uses ventana privada.",
  },
  page: { en: "Page without a network", de: "Seite ohne Netz", es: "Página sin red" },
  pageGo: { en: "It opens without one.", de: "Sie geht ohne Netz auf.", es: "Se abre sin red." },
  pageLook: {
    en: "Not kept yet. Reload once in a network, on the secure address.",
    de: "Noch nicht gespeichert. Lade sie einmal im Netz neu, über die sichere Adresse.",
    es: "Aún no guardada. Recarga una vez con red, en la dirección segura.",
  },
  stock: { en: "Stock here", de: "Vorrat hier", es: "Existencias aquí" },
  stockGo: { en: "There is enough.", de: "Es ist genug da.", es: "Hay suficiente." },
  stockLow: {
    en: (/** @type {string} */ names) => `Running low: ${names}. Tell an organiser.`,
    de: (/** @type {string} */ names) => `Wird knapp: ${names}. Sag der Orga Bescheid.`,
    es: (/** @type {string} */ names) => `Quedan pocos: ${names}. Avisa a la organización.`,
  },
  stockNone: {
    en: (/** @type {string} */ names) => `None is left of: ${names}. Ask an organiser before you open.`,
    de: (/** @type {string} */ names) => `Nichts mehr da: ${names}. Frag die Orga, bevor du öffnest.`,
    es: (/** @type {string} */ names) => `No queda: ${names}. Pregunta antes de abrir.`,
  },
  who: { en: "Who holds it", de: "Wer es hält", es: "Quién lo lleva" },
  whoGo: {
    en: (/** @type {string} */ name) => `${name} is signed in.`,
    de: (/** @type {string} */ name) => `${name} ist angemeldet.`,
    es: (/** @type {string} */ name) => `${name} tiene la sesión abierta.`,
  },
  whoNot: {
    en: "Nobody is signed in: the record names the device alone.",
    de: "Niemand ist angemeldet: Notiert wird nur das Gerät.",
    es: "Nadie tiene sesión: solo consta el dispositivo.",
  },
  may: { en: "What it may", de: "Was es darf", es: "Qué puede hacer" },
  mayGo: { en: "It may redeem.", de: "Es darf einlösen.", es: "Puede canjear." },
  mayNot: {
    en: "It may only check. An organiser can let it redeem.",
    de: "Es darf nur prüfen. Die Orga kann das ändern.",
    es: "Solo puede comprobar. La organización puede cambiarlo.",
  },
  checkOnly: {
    en: "“Check only” is on: nothing is redeemed.", de: "„Nur prüfen“ ist an: Nichts wird eingelöst.",
    es: "«Solo comprobar» está activo: no se canjea nada.",
  },
  battery: { en: "Battery", de: "Akku", es: "Batería" },
  batteryGo: {
    en: (/** @type {number} */ percent) => `${percent} %.`,
    de: (/** @type {number} */ percent) => `${percent} %.`,
    es: (/** @type {number} */ percent) => `${percent} %.`,
  },
  batteryLow: {
    en: (/** @type {number} */ percent) => `${percent} %, and not charging. Plug it in.`,
    de: (/** @type {number} */ percent) => `${percent} % und lädt nicht. Steck es an.`,
    es: (/** @type {number} */ percent) => `${percent} % y sin cargar. Enchúfalo.`,
  },
};

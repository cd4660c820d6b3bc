/** What the pickup desk says. */

/** @import {Said} from "./language.js" */
/** @typedef {(station: string) => string} OfStation */

/** What stands in the template. @satisfies {Record<string, Said<any>>} */
export const PAGE = {
  page_title: {
    en: /** @type {OfStation} */ ((station) => `${station} – Pickup`),
    de: /** @type {OfStation} */ ((station) => `${station} – Abholung`),
    es: /** @type {OfStation} */ ((station) => `${station} – Recogida`),
  },
  title: { en: "Pickup", de: "Abholung", es: "Recogida" },
  scanner: { en: "Scanner", de: "Scanner", es: "Escáner" },
  hint: {
    en: "Hold the member's code in the frame.",
    de: "Halte den Code des Mitglieds in den Rahmen.",
    es: "Pon el código de la persona en el marco.",
  },
  field: {
    en: "Code, name or order number",
    de: "Code, Name oder Bestellnummer",
    es: "Código, nombre o número de pedido",
  },
  find: { en: "Find", de: "Suchen", es: "Buscar" },
  light: { en: "Light", de: "Licht", es: "Luz" },
  camera: {
    en: "Try the camera again", de: "Kamera noch einmal versuchen", es: "Probar la cámara otra vez",
  },
  close: { en: "Back to the list", de: "Zurück zur Liste", es: "Volver a la lista" },
  handOver: { en: "Handed over", de: "Übergeben", es: "Entregado" },
  notFound: { en: "Not found", de: "Nicht gefunden", es: "No se encuentra" },
  returned: { en: "Returned", de: "Zurückgebracht", es: "Devuelto" },
  back: { en: "Back", de: "Zurück", es: "Atrás" },
  shelf: { en: "Which shelf?", de: "Welches Fach?", es: "¿Qué estante?" },
  shelfHint: {
    en: "Short, as it stands on the shelf: B2.",
    de: "Kurz, wie es am Regal steht: B2.",
    es: "Corto, como está en el estante: B2.",
  },
  shelve: { en: "It lies there", de: "Liegt dort", es: "Está ahí" },
  whyBack: {
    en: "Why did it come back?", de: "Warum kommt es zurück?", es: "¿Por qué lo devuelve?",
  },
  missing: {
    en: "It is not there?", de: "Es ist nicht da?", es: "¿No está?",
  },
  missingTold: {
    en: "The partner and the member are told.",
    de: "Der Partner und das Mitglied erfahren es.",
    es: "Se avisa al proveedor y a la persona.",
  },
  tellMissing: { en: "Not there: tell them", de: "Nicht da: Bescheid geben", es: "No está: avisar" },
  cameraView: { en: "Camera", de: "Kamera", es: "Cámara" },
  showAll: { en: "Show all", de: "Alle zeigen", es: "Mostrar todo" },
  askAgain: { en: "Ask again now", de: "Jetzt noch einmal fragen", es: "Preguntar otra vez" },
};

/** @type {Record<string, Said<[]>>} */
export const GROUPS = {
  ready: { en: "Ready", de: "Bereit", es: "Listo" },
  awaited: { en: "On its way", de: "Unterwegs", es: "En camino" },
  not_found: { en: "Not found", de: "Nicht gefunden", es: "No se encuentra" },
  done: { en: "Done", de: "Erledigt", es: "Hecho" },
};

/** @type {Record<string, Said<[]>>} */
export const STATES = {
  requested: { en: "not here yet", de: "noch nicht da", es: "aún no está aquí" },
  ready: { en: "ready", de: "bereit", es: "listo" },
  partly_collected: { en: "handed over in part", de: "teilweise übergeben", es: "entregado en parte" },
  collected: { en: "handed over", de: "übergeben", es: "entregado" },
  not_found: { en: "not found", de: "nicht gefunden", es: "no se encuentra" },
  returned: { en: "brought back", de: "zurückgebracht", es: "devuelto" },
  cancelled: { en: "cancelled", de: "storniert", es: "cancelado" },
};

export const LIST = {
  /** @type {Said<[]>} */
  none: {
    en: "Nothing is like that here.", de: "Hier ist nichts davon.", es: "Aquí no hay nada así.",
  },
  /** @type {Said<[string]>} */
  noneOf: {
    en: (text) => `Nothing here begins with “${text}”. Look under the other buttons, or ask for the code.`,
    de: (text) => `Hier beginnt nichts mit „${text}“. Sieh unter den anderen Knöpfen nach, oder lass dir den Code zeigen.`,
    es: (text) => `Aquí nada empieza por «${text}». Mira en los otros botones o pide el código.`,
  },
  /** @type {Said<[number, number]>} */
  some: {
    en: (shown, total) => `${shown} of ${total} are shown: type a name to find the others.`,
    de: (shown, total) => `${shown} von ${total} sind zu sehen: Tippe einen Namen, um die anderen zu finden.`,
    es: (shown, total) => `Se muestran ${shown} de ${total}: escribe un nombre para ver los demás.`,
  },
  /** @type {Said<[string]>} */
  noShelf: { en: "no shelf", de: "ohne Fach", es: "sin estante" },
  /** @type {Said<[string]>} */
  order: { en: (number) => `Order ${number}`, de: (number) => `Bestellung ${number}`, es: (number) => `Pedido ${number}` },
  /** @type {Said<[string]>} */
  forWhom: { en: (name) => `for ${name}`, de: (name) => `für ${name}`, es: (name) => `para ${name}` },
  /** @type {Said<[number]>} */
  ofVoucher: {
    en: (count) => `${count} orders of this voucher`,
    de: (count) => `${count} Bestellungen zu diesem Gutschein`,
    es: (count) => `${count} pedidos de este vale`,
  },
};

export const ORDER = {
  /** @type {Said<[]>} */
  tick: {
    en: "Tick what you have in your hands.",
    de: "Hake ab, was du in der Hand hast.",
    es: "Marca lo que tienes en la mano.",
  },
  /** @type {Said<[number]>} */
  handOver: {
    en: (count) => (count > 1 ? `Handed over: ${count}` : "Handed over"),
    de: (count) => (count > 1 ? `Übergeben: ${count}` : "Übergeben"),
    es: (count) => (count > 1 ? `Entregado: ${count}` : "Entregado"),
  },
  /** @type {Said<[string]>} */
  thisIs: {
    en: (name) => `I looked: this is ${name}`,
    de: (name) => `Ich habe nachgesehen: Das ist ${name}`,
    es: (name) => `Lo he comprobado: es ${name}`,
  },
  /** @type {Said<[string, number]>} */
  ofAge: {
    en: (name, age) => `I looked: this is ${name}, and at least ${age}`,
    de: (name, age) => `Ich habe nachgesehen: Das ist ${name}, mindestens ${age}`,
    es: (name, age) => `Lo he comprobado: es ${name} y tiene al menos ${age}`,
  },
  /** @type {Said<[]>} */
  putOnShelf: { en: "Put on a shelf", de: "In ein Fach legen", es: "Poner en un estante" },
  /** @type {Said<[]>} */
  hasCome: { en: "It has come: put on a shelf", de: "Ist da: in ein Fach legen", es: "Ha llegado: poner en un estante" },
  /** @type {Said<[]>} */
  otherShelf: { en: "Other shelf", de: "Anderes Fach", es: "Otro estante" },
  /** @type {Said<[number]>} */
  collected: { en: (n) => `${n} handed over`, de: (n) => `${n} übergeben`, es: (n) => `${n} entregado` },
  /** @type {Said<[number]>} */
  notFound: { en: (n) => `${n} not found`, de: (n) => `${n} nicht gefunden`, es: (n) => `${n} sin encontrar` },
  /** @type {Said<[number]>} */
  returned: { en: (n) => `${n} brought back`, de: (n) => `${n} zurückgebracht`, es: (n) => `${n} devuelto` },
  /** @type {Said<[string]>} */
  more: { en: (what) => `One more: ${what}`, de: (what) => `Eins mehr: ${what}`, es: (what) => `Uno más: ${what}` },
  /** @type {Said<[string]>} */
  fewer: { en: (what) => `One fewer: ${what}`, de: (what) => `Eins weniger: ${what}`, es: (what) => `Uno menos: ${what}` },
  /** @type {Said<[]>} */
  asking: { en: "Asking the server…", de: "Der Server wird gefragt…", es: "Preguntando al servidor…" },
  /** @type {Said<[string]>} */
  didCollect: {
    en: (what) => `Handed over: ${what}.`, de: (what) => `Übergeben: ${what}.`, es: (what) => `Entregado: ${what}.`,
  },
  /** @type {Said<[string]>} */
  didNotFound: {
    en: (what) => `Not found: ${what}. Partner and member are told.`,
    de: (what) => `Nicht gefunden: ${what}. Partner und Mitglied erfahren es.`,
    es: (what) => `No se encuentra: ${what}. Se avisa al proveedor y a la persona.`,
  },
  /** @type {Said<[string]>} */
  didReturn: {
    en: (what) => `Brought back: ${what}. Partner and member are told.`,
    de: (what) => `Zurückgebracht: ${what}. Partner und Mitglied erfahren es.`,
    es: (what) => `Devuelto: ${what}. Se avisa al proveedor y a la persona.`,
  },
  /** @type {Said<[string]>} */
  didShelf: {
    en: (shelf) => `It lies on shelf ${shelf}.`, de: (shelf) => `Liegt in Fach ${shelf}.`, es: (shelf) => `Está en el estante ${shelf}.`,
  },
  /** @type {Said<[]>} */
  rest: {
    en: "The rest still waits here.", de: "Der Rest wartet noch hier.", es: "El resto sigue esperando aquí.",
  },
};

/** Why something comes back; the words are sent. @type {Record<string, Said<[]>>} */
export const REASONS = {
  "Wrong size": { en: "Wrong size", de: "Falsche Größe", es: "Talla equivocada" },
  Faulty: { en: "Faulty", de: "Kaputt", es: "Defectuoso" },
  "Handed over by mistake": { en: "Handed over by mistake", de: "Aus Versehen übergeben", es: "Entregado por error" },
};

export const NETWORK = {
  /** @type {Said<[string]>} */
  lost: {
    en: (time) => `No connection: the pickup desk needs a network. The list is as of ${time}.`,
    de: (time) => `Keine Verbindung: Die Abholung braucht ein Netz. Stand der Liste: ${time}.`,
    es: (time) => `Sin conexión: la recogida necesita red. La lista es de las ${time}.`,
  },
  /** @type {Said<[]>} */
  lostBlank: {
    en: "No connection: the pickup desk needs a network.",
    de: "Keine Verbindung: Die Abholung braucht ein Netz.",
    es: "Sin conexión: la recogida necesita red.",
  },
  /** @type {Said<[]>} */
  connected: { en: "Connected", de: "Verbunden", es: "Con conexión" },
  /** @type {Said<[]>} */
  gone: { en: "No connection", de: "Keine Verbindung", es: "Sin conexión" },
  /** @type {Said<[]>} */
  unpaired: {
    en: "This browser is not paired any more. Ask an organiser for a new pairing link.",
    de: "Dieser Browser ist nicht mehr gekoppelt. Lass dir von der Orga einen neuen Link geben.",
    es: "Este navegador ya no está vinculado. Pide un enlace nuevo a la organización.",
  },
  /** @type {Said<[number]>} */
  waiting: {
    en: (n) => (n === 1 ? "1 step waits for its answer. It is kept, and asked again by itself." : `${n} steps wait for their answers. They are kept, and asked again by themselves.`),
    de: (n) => (n === 1 ? "1 Schritt wartet auf Antwort. Er ist gemerkt und wird von selbst wiederholt." : `${n} Schritte warten auf Antwort. Sie sind gemerkt und werden von selbst wiederholt.`),
    es: (n) => (n === 1 ? "1 paso espera respuesta. Está guardado y se repite solo." : `${n} pasos esperan respuesta. Están guardados y se repiten solos.`),
  },
  /** @type {Said<[number]>} */
  waitsForSignIn: {
    en: (n) => (n === 1 ? "1 step waits until somebody signs in." : `${n} steps wait until somebody signs in.`),
    de: (n) => (n === 1 ? "1 Schritt wartet, bis sich jemand anmeldet." : `${n} Schritte warten, bis sich jemand anmeldet.`),
    es: (n) => (n === 1 ? "1 paso espera a que alguien inicie sesión." : `${n} pasos esperan a que alguien inicie sesión.`),
  },
  /** @type {Said<[]>} */
  keptForSignIn: {
    en: "What you tapped is kept: sign in, and it is done.",
    de: "Dein Tippen ist gemerkt: Melde dich an, dann wird es erledigt.",
    es: "Lo que tocaste está guardado: inicia sesión y se hará.",
  },
  /** @type {Said<[]>} */
  signInFirst: {
    en: "Here staff sign in first.",
    de: "Hier meldet sich das Team zuerst an.",
    es: "Aquí el equipo inicia sesión primero.",
  },
  /** @type {Said<[]>} */
  noAnswer: {
    en: "No answer yet. What you tapped is kept, and asked again by itself. Do not tap again elsewhere.",
    de: "Noch keine Antwort. Dein Tippen ist gemerkt und wird von selbst wiederholt. Tippe nicht woanders noch einmal.",
    es: "Aún sin respuesta. Lo que tocaste está guardado y se repite solo. No lo repitas en otro sitio.",
  },
  /** @type {Said<[string, string]>} */
  settled: {
    en: (number, what) => `Order ${number}: ${what}`,
    de: (number, what) => `Bestellung ${number}: ${what}`,
    es: (number, what) => `Pedido ${number}: ${what}`,
  },
  /** @type {Said<[]>} */
  needed: {
    en: "That needs the network. Try again when it is back.",
    de: "Dafür braucht es das Netz. Versuch es noch einmal, wenn es wieder da ist.",
    es: "Eso necesita red. Prueba otra vez cuando vuelva.",
  },
};

/** What the server refuses, by its code. The English is the server's own. @type {Record<string, {de: string, es: string}>} */
export const PROBLEMS = {
  move_refused: {
    de: "Das geht mit dieser Bestellung nicht mehr: Sieh nach, wie sie jetzt steht.",
    es: "Con este pedido ya no se puede: mira cómo está ahora.",
  },
  wrong_station: {
    de: "Das wird an einer anderen Station abgeholt.", es: "Esto se recoge en otro puesto.",
  },
  unknown_order: {
    de: "Diese Bestellung gibt es hier nicht.", es: "Ese pedido no existe aquí.",
  },
  nothing_to_fetch: {
    de: "Mit diesem Gutschein wurde nichts bestellt.", es: "Con este vale no se pidió nada.",
  },
  no_voucher: {
    de: "Das ist kein gültiger Code von hier. Lass dir die neueste Karte zeigen, oder suche nach dem Namen.",
    es: "No es un código válido de aquí. Pide la tarjeta más nueva o busca por el nombre.",
  },
  identity_required: {
    de: "Sieh zuerst nach, wer es ist, und bestätige es.", es: "Comprueba antes quién es y confírmalo.",
  },
  undo_not_allowed: {
    de: "Zurücknehmen kann es hier zehn Minuten lang, wer es übergeben hat, danach die Aufsicht.",
    es: "Durante diez minutos puede devolverlo aquí quien lo entregó; después, la supervisión.",
  },
  not_allowed: {
    de: "Dieses Gerät darf das nicht. Die Orga kann es erlauben.",
    es: "Este dispositivo no puede. La organización puede permitirlo.",
  },
  operator_not_signed_in: {
    de: "Du bist hier nicht angemeldet: Melde dich mit deiner PIN an.",
    es: "No has iniciado sesión aquí: entra con tu PIN.",
  },
  operator_required: {
    de: "Hier meldet sich das Team zuerst an.", es: "Aquí el equipo inicia sesión primero.",
  },
  unknown_operator: {
    de: "Wer hier angemeldet ist, ist nicht mehr zugelassen.",
    es: "Quien ha iniciado sesión aquí ya no está autorizado.",
  },
  too_many_guesses: {
    de: "Zu viele falsche Codes: Warte eine Minute.", es: "Demasiados códigos falsos: espera un minuto.",
  },
};

/** What staff read of what a supervisor decides at the desk. */

export const SUPERVISOR = {
  call: { en: "Call a supervisor", de: "Aufsicht holen", es: "Llamar a supervisión" },
  decide: { en: "Decide as supervisor", de: "Als Aufsicht entscheiden", es: "Decidir como supervisión" },
  short: { en: "Supervisor", de: "Aufsicht", es: "Supervisión" },
  about: {
    en: (/** @type {string} */ what) => `Supervisor: ${what}`,
    de: (/** @type {string} */ what) => `Aufsicht: ${what}`,
    es: (/** @type {string} */ what) => `Supervisión: ${what}`,
  },
  find: { en: "Find a member", de: "Mitglied suchen", es: "Buscar a alguien" },
  needs_network: {
    en: "Finding a member, and what a supervisor decides, need a network.",
    de: "Mitglieder suchen und was die Aufsicht entscheidet, geht nur mit Netz.",
    es: "Buscar a alguien y lo que decide supervisión necesitan red.",
  },
  no_network: {
    en: "A supervisor can decide this once there is a network.",
    de: "Die Aufsicht kann das entscheiden, sobald Netz da ist.",
    es: "Supervisión puede decidirlo cuando haya red.",
  },
  who: { en: "Who decides this?", de: "Wer entscheidet das?", es: "¿Quién lo decide?" },
  pin: { en: "PIN", de: "PIN", es: "PIN" },
  as: {
    en: (/** @type {string} */ name) => `${name} decides this.`,
    de: (/** @type {string} */ name) => `${name} entscheidet das.`,
    es: (/** @type {string} */ name) => `Lo decide ${name}.`,
  },
  once: {
    en: "The PIN is for this alone. Whoever is signed in stays so.",
    de: "Die PIN gilt nur hierfür. Wer angemeldet ist, bleibt es.",
    es: "El PIN vale solo para esto. Quien ha entrado sigue dentro.",
  },
  cancel: { en: "Cancel", de: "Abbrechen", es: "Cancelar" },
  close: { en: "Close", de: "Schließen", es: "Cerrar" },
  waiting: { en: "Asking the server…", de: "Der Server wird gefragt …", es: "Preguntando al servidor…" },
};

export const CHOICES = {
  what: { en: "What is to be done?", de: "Was soll geschehen?", es: "¿Qué se hace?" },
  override: { en: "Redeem all the same", de: "Trotzdem einlösen", es: "Canjear de todos modos" },
  undo: { en: "Undo it", de: "Rückgängig machen", es: "Deshacerlo" },
  refund: {
    en: "Refund: it was faulty", de: "Ersetzen: es war fehlerhaft", es: "Reembolsar: era defectuoso",
  },
  undo_means: {
    en: "It can be redeemed again.", de: "Es kann wieder eingelöst werden.", es: "Se podrá canjear otra vez.",
  },
  refund_means: {
    en: "They are sent a new voucher for what was faulty.",
    de: "Für das Fehlerhafte bekommt das Mitglied einen neuen Gutschein.",
    es: "Recibirá un vale nuevo por lo defectuoso.",
  },
  why: { en: "Why?", de: "Warum?", es: "¿Por qué?" },
  why_no_code: { en: "Why is there no code?", de: "Warum ohne Code?", es: "¿Por qué sin código?" },
  other: { en: "Another reason", de: "Anderer Grund", es: "Otro motivo" },
  own_words: { en: "In your words", de: "In deinen Worten", es: "Con tus palabras" },
  say_why: { en: "Say why.", de: "Sag, warum.", es: "Di por qué." },
  uses: { en: "How many were faulty?", de: "Wie viele waren fehlerhaft?", es: "¿Cuántos eran defectuosos?" },
  usable: {
    en: "It can be handed out again", de: "Es kann wieder ausgegeben werden", es: "Se puede volver a entregar",
  },
  looked: {
    en: "I have checked who it is", de: "Ich habe geprüft, wer es ist", es: "He comprobado quién es",
  },
  looked_age: {
    en: (/** @type {number} */ age) => `I have checked who it is, and that they are ${age}`,
    de: (/** @type {number} */ age) => `Ich habe geprüft, wer es ist, und das Alter: mindestens ${age}`,
    es: (/** @type {number} */ age) => `He comprobado quién es y que tiene ${age} años`,
  },
  look_first: {
    en: "First check who it is, then tick it.",
    de: "Prüfe erst, wer es ist, und setze dann das Häkchen.",
    es: "Primero comprueba quién es y luego márcalo.",
  },
};

/** On the button that does it. */
export const GO = {
  override: CHOICES.override,
  undo: CHOICES.undo,
  refund: { en: "Refund", de: "Ersetzen", es: "Reembolsar" },
};

/** What is set aside, by the server's name for it. */
export const RULES = {
  not_yet_valid: {
    en: "It is not valid yet.", de: "Er gilt noch nicht.", es: "Todavía no es válido.",
  },
  expired: { en: "It has ended.", de: "Er ist abgelaufen.", es: "Ha caducado." },
  wrong_station: {
    en: "It is for another station.", de: "Er gilt an einer anderen Station.", es: "Es para otro puesto.",
  },
  closed_now: { en: "It is closed now.", de: "Es ist jetzt geschlossen.", es: "Ahora está cerrado." },
};

/** What can be chosen as a reason; the words are sent. */
export const REASONS = {
  override: [
    { en: "They could not come in time", de: "Früher ging es nicht", es: "No pudo venir a tiempo" },
    { en: "They were told they could", de: "Es wurde ihnen zugesagt", es: "Se lo habían prometido" },
    { en: "Our mistake", de: "Unser Fehler", es: "Fue culpa nuestra" },
  ],
  undo: [
    { en: "Scanned by mistake", de: "Aus Versehen gescannt", es: "Se escaneó por error" },
    { en: "Could not hand it over", de: "Konnte nicht ausgegeben werden", es: "No se pudo entregar" },
    { en: "Wrong person", de: "Falsche Person", es: "Persona equivocada" },
  ],
  refund: [
    { en: "Broken or faulty", de: "Kaputt oder fehlerhaft", es: "Roto o defectuoso" },
    { en: "Wrong size or variant", de: "Falsche Größe oder Ausführung", es: "Talla o variante equivocada" },
    { en: "The wrong item was handed over", de: "Das Falsche wurde ausgegeben", es: "Se entregó otra cosa" },
  ],
  find: [
    { en: "Their phone is empty", de: "Handy leer", es: "Móvil sin batería" },
    { en: "They lost their card", de: "Karte verloren", es: "Perdió la tarjeta" },
    { en: "The code cannot be read", de: "Code nicht lesbar", es: "El código no se lee" },
  ],
};

export const REFUND = {
  word: { en: "Refunded", de: "Ersetzt", es: "Reembolsado" },
  sent: {
    en: (/** @type {string} */ reference) => `A new voucher was sent to them: ${reference}.`,
    de: (/** @type {string} */ reference) => `Ein neuer Gutschein wurde geschickt: ${reference}.`,
    es: (/** @type {string} */ reference) => `Se le envió un vale nuevo: ${reference}.`,
  },
  owed: {
    en: (/** @type {string} */ why) => `${why} A new one is sent to them as soon as one can.`,
    de: (/** @type {string} */ why) => `${why} Ein neuer wird geschickt, sobald es geht.`,
    es: (/** @type {string} */ why) => `${why} Se le enviará uno nuevo en cuanto se pueda.`,
  },
  rest: {
    en: (/** @type {string} */ reference) => `What was left is now in ${reference}.`,
    de: (/** @type {string} */ reference) => `Was übrig war, steht jetzt auf ${reference}.`,
    es: (/** @type {string} */ reference) => `Lo que quedaba está ahora en ${reference}.`,
  },
  not_done: { en: "Not refunded", de: "Nicht ersetzt", es: "Sin reembolso" },
};

/** Why nothing new can be given now, by the server's name for it. */
export const OWED = {
  stock: { en: "None is left.", de: "Es ist nichts mehr da.", es: "No queda ninguno." },
  limit: { en: "Its limit is reached.", de: "Die Obergrenze ist erreicht.", es: "Se alcanzó el límite." },
  window: {
    en: "There is no time left to redeem it.",
    de: "Es bleibt keine Zeit zum Einlösen.",
    es: "No queda tiempo para canjearlo.",
  },
  withdrawn: {
    en: "It is given no more.", de: "Das gibt es nicht mehr.", es: "Ya no se entrega.",
  },
};

/** What the server refuses, by its name for it. */
export const REFUSALS = {
  wrong_pin: {
    en: (/** @type {number} */ left) => `Wrong PIN. ${left} more tries.`,
    de: (/** @type {number} */ left) => `Falsche PIN. Noch ${left} Versuche.`,
    es: (/** @type {number} */ left) => `PIN incorrecto. Quedan ${left} intentos.`,
  },
  sign_in_locked: {
    en: "Too many wrong PINs: wait, or ask an organiser to reset it.",
    de: "Zu viele falsche PINs: Warte, oder bitte das Orga-Team um eine neue.",
    es: "Demasiados PIN incorrectos: espera, o pide a la organización uno nuevo.",
  },
  unprocessable_sign_in: {
    en: "A PIN has six digits.", de: "Eine PIN hat sechs Ziffern.", es: "Un PIN tiene seis cifras.",
  },
  supervisor_needed: {
    en: "Only a supervisor with a PIN may do this.",
    de: "Das darf nur eine Aufsicht mit PIN.",
    es: "Solo puede hacerlo supervisión con PIN.",
  },
  too_many_searches: {
    en: "Too many searches: wait a little, then search again.",
    de: "Zu viele Suchen: Warte ein wenig und suche dann wieder.",
    es: "Demasiadas búsquedas: espera un poco y vuelve a buscar.",
  },
  unprocessable_scan: {
    en: "Type at least two letters of the name.",
    de: "Tippe mindestens zwei Buchstaben vom Namen.",
    es: "Escribe al menos dos letras del nombre.",
  },
  not_allowed: {
    en: "This device may not do this. Ask an organiser.",
    de: "Dieses Gerät darf das nicht. Frag das Orga-Team.",
    es: "Este dispositivo no puede hacerlo. Pregunta a la organización.",
  },
  silence: {
    en: "The server does not answer. Try again when there is a network.",
    de: "Der Server antwortet nicht. Versuch es wieder, wenn Netz da ist.",
    es: "El servidor no responde. Inténtalo cuando haya red.",
  },
  other: {
    en: "The server refused this.", de: "Der Server hat das abgelehnt.", es: "El servidor lo rechazó.",
  },
};

/** What waits on this device, and what it knows without the server. */

/** @typedef {(text: string) => string} OfText */
/** @typedef {(count: number) => string} OfCount */

export const KEPT = {
  known: {
    en: /** @type {OfText} */ ((moment) => `Vouchers as of ${moment}`),
    de: /** @type {OfText} */ ((moment) => `Gutscheine von ${moment}`),
    es: /** @type {OfText} */ ((moment) => `Vales de las ${moment}`),
  },
  may_more: {
    en: /** @type {OfCount} */ ((left) => `This device may hand out ${left} more by itself.`),
    de: /** @type {OfCount} */ ((left) => `Dieses Gerät darf allein noch ${left} ausgeben.`),
    es: /** @type {OfCount} */ ((left) => `Este dispositivo aún puede entregar ${left} por sí solo.`),
  },
  may_no_more: {
    en: "This device may hand out no more by itself.",
    de: "Dieses Gerät darf allein nichts mehr ausgeben.",
    es: "Este dispositivo ya no puede entregar nada por sí solo.",
  },
  it_knows: {
    en: /** @type {OfText} */ ((moment) => `It knows the vouchers as of ${moment}.`),
    de: /** @type {OfText} */ ((moment) => `Es kennt die Gutscheine von ${moment}.`),
    es: /** @type {OfText} */ ((moment) => `Conoce los vales de las ${moment}.`),
  },
  cannot_decide: {
    en: "This device cannot decide without the server.",
    de: "Dieses Gerät kann ohne den Server nicht entscheiden.",
    es: "Este dispositivo no puede decidir sin el servidor.",
  },
  waiting: {
    en: /** @type {OfCount} */ ((count) =>
      `${count} ${count === 1 ? "scan waits" : "scans wait"} here to be sent.`),
    de: /** @type {OfCount} */ ((count) =>
      `${count} ${count === 1 ? "Scan wartet" : "Scans warten"} hier aufs Senden.`),
    es: /** @type {OfCount} */ ((count) => (count === 1
      ? "1 escaneo espera aquí para enviarse." : `${count} escaneos esperan aquí para enviarse.`)),
  },
  look_at: {
    en: "An organiser has to look at these:",
    de: "Das muss sich das Orga-Team ansehen:",
    es: "La organización tiene que mirar esto:",
  },
  send: { en: "Send now", de: "Jetzt senden", es: "Enviar ahora" },
  sending: { en: "Sending…", de: "Sende…", es: "Enviando…" },
  again: { en: "Try again", de: "Noch einmal", es: "Reintentar" },
  noted: { en: "Noted", de: "Gesehen", es: "Entendido" },
  a_code: { en: "A code", de: "Ein Code", es: "Un código" },
  parked: {
    en: /** @type {OfText} */ ((why) =>
      `kept here, and not taken by the server. ${why} Tell an organiser, then try again. Do not clear this`
      + " browser's data."),
    de: /** @type {OfText} */ ((why) =>
      `hier aufgehoben und vom Server nicht angenommen. ${why} Sag es dem Orga-Team und versuch es dann noch`
      + " einmal. Lösche die Daten dieses Browsers nicht."),
    es: /** @type {OfText} */ ((why) =>
      `guardado aquí, y el servidor no lo aceptó. ${why} Avisa a la organización y reinténtalo después. No`
      + " borres los datos de este navegador."),
  },
  conflict: {
    en: /** @type {OfText} */ ((verdict) =>
      `handed out here without a network, and the record says “${verdict}”. It counts once. Nothing to do at`
      + " the desk: organisers find it under conflicts."),
    de: /** @type {OfText} */ ((verdict) =>
      `hier ohne Netz ausgegeben, und im Verzeichnis steht „${verdict}“. Es zählt einmal. Am Tisch ist nichts`
      + " zu tun: Das Orga-Team findet es unter Konflikte."),
    es: /** @type {OfText} */ ((verdict) =>
      `entregado aquí sin red, y el registro dice «${verdict}». Cuenta una vez. En la mesa no hay que hacer`
      + " nada: la organización lo encuentra en los conflictos."),
  },
  counted_for_nothing: {
    en: "refused here, and counted by the server. An organiser can take the redemption back.",
    de: "hier abgelehnt und vom Server gezählt. Das Orga-Team kann die Einlösung zurücknehmen.",
    es: "rechazado aquí, y contado por el servidor. La organización puede deshacer el canje.",
  },
};

/** Why this device is not ready to decide, by name. */
export const COMPLAINTS = {
  other_tab: {
    en: "This kiosk is open in another tab: scan there, or close that tab.",
    de: "Dieser Kiosk ist in einem anderen Tab offen: Scanne dort oder schließ ihn.",
    es: "Este kiosk está abierto en otra pestaña: escanea allí o ciérrala.",
  },
  other_device: {
    en: "This browser stands for another device now. Reload the page.",
    de: "Dieser Browser steht jetzt für ein anderes Gerät. Lade die Seite neu.",
    es: "Este navegador ahora representa a otro dispositivo. Recarga la página.",
  },
  no_disk: {
    en: "This browser keeps nothing without a network.",
    de: "Dieser Browser hebt ohne Netz nichts auf.",
    es: "Este navegador no guarda nada sin red.",
  },
  no_zone: {
    en: "This browser does not know the station's time zone: it cannot scan without a network.",
    de: "Dieser Browser kennt die Zeitzone der Station nicht: Er kann ohne Netz nicht scannen.",
    es: "Este navegador no conoce la zona horaria del puesto: no puede escanear sin red.",
  },
  unreadable: {
    en: "This kiosk cannot read what it was told: reload the page.",
    de: "Dieser Kiosk kann nicht lesen, was ihm gesagt wurde: Lade die Seite neu.",
    es: "Este kiosk no puede leer lo que se le dijo: recarga la página.",
  },
};

/** What a kiosk that was revoked still has to tell. */

/** @typedef {(count: number) => string} OfCount */

export const LEFT_BEHIND = {
  title: { en: "Not everything is sent yet", de: "Noch ist nicht alles gesendet", es: "Aún no está todo enviado" },
  waiting: {
    en: /** @type {OfCount} */ ((count) => "This kiosk was revoked. "
      + (count === 1 ? "1 scan still waits to be sent." : `${count} scans still wait to be sent.`)),
    de: /** @type {OfCount} */ ((count) => "Dieser Kiosk wurde gesperrt. "
      + (count === 1 ? "1 Scan wartet noch aufs Senden." : `${count} Scans warten noch aufs Senden.`)),
    es: /** @type {OfCount} */ ((count) => "Este kiosk fue revocado. "
      + (count === 1 ? "1 escaneo espera aún para enviarse." : `${count} escaneos esperan aún para enviarse.`)),
  },
  goes_on: {
    en: "It goes by itself as soon as the server is heard. Keep this page open, and do not clear this browser's"
      + " data.",
    de: "Das geht von selbst, sobald der Server zu hören ist. Lass diese Seite offen und lösche die Daten"
      + " dieses Browsers nicht.",
    es: "Se enviará solo en cuanto se oiga al servidor. Deja esta página abierta y no borres los datos de este"
      + " navegador.",
  },
  refused: {
    en: "The server does not take them from this browser any more. Tell an organiser, and do not clear this"
      + " browser's data.",
    de: "Der Server nimmt sie von diesem Browser nicht mehr an. Sag es dem Orga-Team und lösche die Daten"
      + " dieses Browsers nicht.",
    es: "El servidor ya no los acepta de este navegador. Avisa a la organización y no borres los datos de"
      + " este navegador.",
  },
  not_taken: {
    en: "The server did not take it as it is. Tell an organiser, then try again. Do not clear this browser's"
      + " data.",
    de: "Der Server hat es so nicht angenommen. Sag es dem Orga-Team und versuch es dann noch einmal. Lösche"
      + " die Daten dieses Browsers nicht.",
    es: "El servidor no lo aceptó tal cual. Avisa a la organización y reinténtalo después. No borres los"
      + " datos de este navegador.",
  },
  sent: {
    en: "This kiosk was revoked. All that it had kept is sent.",
    de: "Dieser Kiosk wurde gesperrt. Alles, was er aufgehoben hatte, ist gesendet.",
    es: "Este kiosk fue revocado. Todo lo que había guardado está enviado.",
  },
};

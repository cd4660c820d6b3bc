/** For each verdict that hands nothing over one sentence that says what to do: see sentences.js. */

/** @type {Record<string, Record<import("./language.js").Language, string>>} */
export const REFUSALS = {
  malformed: {
    en: "This is not a Keepsake code. Ask for the card from the direct message.",
    de: "Das ist kein Keepsake-Code. Frag nach der Karte aus der Direktnachricht.",
    es: "No es un código de Keepsake. Pide la tarjeta del mensaje directo.",
  },
  unsupported_version: {
    en: "This code is newer than this server. Call an organiser.",
    de: "Dieser Code ist neuer als dieser Server. Ruf das Orga-Team.",
    es: "Este código es más nuevo que este servidor. Llama a la organización.",
  },
  revoked_key: {
    en: "Out-of-date card. Ask for the new one they were sent, or type its code.",
    de: "Veraltete Karte. Frag nach der neuen, die geschickt wurde, oder tippe deren Code ein.",
    es: "Tarjeta anticuada. Pide la nueva que se le envió o escribe su código.",
  },
  unknown_key: {
    en: "This code is not one of ours. Hand nothing over.",
    de: "Dieser Code ist keiner von uns. Gib nichts aus.",
    es: "Este código no es nuestro. No entregues nada.",
  },
  bad_signature: {
    en: "This code was altered or copied badly. Hand nothing over; scan again.",
    de: "Dieser Code wurde verändert oder schlecht kopiert. Gib nichts aus; scanne noch einmal.",
    es: "Este código se modificó o se copió mal. No entregues nada; escanea otra vez.",
  },
  not_yet_valid: {
    en: "Too early: valid from {valid_from}.",
    de: "Zu früh: gültig ab {valid_from}.",
    es: "Demasiado pronto: válido desde {valid_from}.",
  },
  expired: {
    en: "Too late: it was valid until {valid_until}. {missed}",
    de: "Zu spät: Gültig war er bis {valid_until}. {missed}",
    es: "Demasiado tarde: era válido hasta {valid_until}. {missed}",
  },
  expired_live: {
    en: "An old picture of a live code, such as a screenshot. Hand nothing over: ask for the live code on"
      + " the member's wallet page.",
    de: "Ein altes Bild eines Live-Codes, etwa ein Screenshot. Gib nichts aus: Frag nach dem Live-Code auf"
      + " der Wallet-Seite des Mitglieds.",
    es: "Una imagen antigua de un código en vivo, como una captura de pantalla. No entregues nada: pide el"
      + " código en vivo de la página de la cartera del miembro.",
  },
  not_yet_valid_live: {
    en: "A live code of a later minute: the phone's clock is ahead. Ask them to reload their wallet page.",
    de: "Ein Live-Code einer späteren Minute: Die Uhr des Handys geht vor. Bitte sie, ihre Wallet-Seite neu"
      + " zu laden.",
    es: "Un código en vivo de un minuto posterior: el reloj del móvil va adelantado. Pide que recargue la"
      + " página de su cartera.",
  },
  live_required: {
    en: "This is a picture. Ask for the live code on the member's wallet page.",
    de: "Das ist ein Bild. Frag nach dem Live-Code auf der Wallet-Seite des Mitglieds.",
    es: "Esto es una imagen. Pide el código en vivo de la página de la cartera del miembro.",
  },
  online_required: {
    en: "This can only be checked with a network.",
    de: "Das lässt sich nur mit Netz prüfen.",
    es: "Esto solo se puede comprobar con red.",
  },
  unknown_voucher: {
    en: "No such voucher here. Check the code, and ask for the card again.",
    de: "Diesen Gutschein gibt es hier nicht. Prüfe den Code und lass dir die Karte noch einmal zeigen.",
    es: "Aquí no hay tal vale. Revisa el código y pide la tarjeta otra vez.",
  },
  unknown_perk: {
    en: "This device does not know this perk yet. It must hear from the server first.",
    de: "Dieses Gerät kennt diese Leistung noch nicht. Es muss erst vom Server hören.",
    es: "Este dispositivo aún no conoce esta ventaja. Antes tiene que oír al servidor.",
  },
  allowance_spent: {
    en: "This device may hand out no more by itself. It must hear from the server first.",
    de: "Dieses Gerät darf allein nichts mehr ausgeben. Es muss erst vom Server hören.",
    es: "Este dispositivo no puede entregar más por sí solo. Antes tiene que oír al servidor.",
  },
  void: {
    en: "Withdrawn {stood_since}. An organiser can tell them why.",
    de: "Zurückgezogen {stood_since}. Das Orga-Team kann sagen, warum.",
    es: "Retirado {stood_since}. La organización puede decir por qué.",
  },
  superseded: {
    en: "Replaced {stood_since}. Ask for the new card: it is in their direct messages.",
    de: "Ersetzt {stood_since}. Frag nach der neuen Karte: Sie ist in den Direktnachrichten.",
    es: "Cambiado {stood_since}. Pide la tarjeta nueva: está en sus mensajes directos.",
  },
  refunded: {
    en: "Refunded {stood_since}. Ask for the new card: it is in their direct messages.",
    de: "Erstattet {stood_since}. Frag nach der neuen Karte: Sie ist in den Direktnachrichten.",
    es: "Reembolsado {stood_since}. Pide la tarjeta nueva: está en sus mensajes directos.",
  },
  wrong_station: {
    en: "Not at this station. Send them to: {stations}.",
    de: "Nicht an dieser Station. Schick sie zu: {stations}.",
    es: "No es en este puesto. Dile que vaya a: {stations}.",
  },
  wrong_station_nowhere: {
    en: "Not at this station, and its own is closed for good. Call an organiser.",
    de: "Nicht an dieser Station, und die richtige ist für immer zu. Ruf das Orga-Team.",
    es: "No es en este puesto, y el suyo cerró para siempre. Llama a la organización.",
  },
  closed_now: {
    en: "Closed now. It is handed over again {opens}.",
    de: "Jetzt geschlossen. Ausgegeben wird wieder {opens}.",
    es: "Cerrado ahora. Se entrega otra vez {opens}.",
  },
  already_redeemed: {
    en: "Already handed over {first}.", de: "Schon ausgegeben {first}.", es: "Ya se entregó {first}.",
  },
  already_redeemed_priority_entry: {
    en: "Already let in {first}.", de: "Schon zuerst eingelassen {first}.", es: "Ya pasó primero {first}.",
  },
  already_redeemed_early_access: {
    en: "Already let in {first}.", de: "Schon eingelassen {first}.", es: "Ya pasó {first}.",
  },
  already_redeemed_discount: {
    en: "Discount already given {first}.",
    de: "Rabatt schon gegeben {first}.",
    es: "El descuento ya se aplicó {first}.",
  },
  already_redeemed_pickup: {
    en: "Already ordered {first}.", de: "Schon bestellt {first}.", es: "Ya se pidió {first}.",
  },
  held: {
    en: "Another desk is handing this out, until {held_until}. Scan again then.",
    de: "Ein anderer Tisch gibt das gerade aus, bis {held_until}. Scanne dann noch einmal.",
    es: "Otra mesa lo está entregando, hasta {held_until}. Escanea otra vez entonces.",
  },
  identity_required: {
    en: "First check {whom}. Then confirm it.",
    de: "Prüfe zuerst, {whom}. Bestätige es dann.",
    es: "Comprueba primero {whom}. Después confírmalo.",
  },
  out_of_stock: {
    en: "None is left here. The voucher stays good; an organiser can help.",
    de: "Hier ist keines mehr da. Der Gutschein bleibt gültig; das Orga-Team kann helfen.",
    es: "Aquí no queda ninguno. El vale sigue siendo bueno; la organización puede ayudar.",
  },
  impossible_time: {
    en: "This device says a time that cannot be. An organiser looks at it.",
    de: "Dieses Gerät nennt eine Zeit, die nicht sein kann. Das Orga-Team sieht es sich an.",
    es: "Este dispositivo da una hora imposible. La organización lo mirará.",
  },
  revoked_device: {
    en: "This device was revoked. An organiser looks at what it handed over.",
    de: "Dieses Gerät wurde gesperrt. Das Orga-Team sieht sich an, was es ausgegeben hat.",
    es: "Este dispositivo fue revocado. La organización mirará lo que entregó.",
  },
  not_allowed: {
    en: "This device may only check. An organiser looks at what it handed over.",
    de: "Dieses Gerät darf nur prüfen. Das Orga-Team sieht sich an, was es ausgegeben hat.",
    es: "Este dispositivo solo puede comprobar. La organización mirará lo que entregó.",
  },
  too_few_uses: {
    en: "Only {uses_left} left on this voucher.",
    de: "Auf diesem Gutschein nur noch übrig: {uses_left}.",
    es: "En este vale solo quedan: {uses_left}.",
  },
};

/**
 * What the member can do who came too late, by the perk's `missed`.
 * @type {Record<string, Record<import("./language.js").Language, string>>}
 */
export const MISSED = {
  lost: {
    en: "It cannot be replaced.", de: "Er lässt sich nicht ersetzen.", es: "No se puede reemplazar.",
  },
  ask: {
    en: "Send them to an organiser, who can give them more time.",
    de: "Schick sie zum Orga-Team: Das kann ihnen mehr Zeit geben.",
    es: "Dile que vaya a la organización: puede darle más tiempo.",
  },
  renew: {
    en: "They can get a new one on their wallet page, unless this is the second.",
    de: "Auf ihrer Wallet-Seite bekommen sie einen neuen, wenn das nicht schon der zweite ist.",
    es: "Puede pedir uno nuevo en la página de su cartera, si este no es ya el segundo.",
  },
};

export const REFUSED = {
  en: "Refused. Call an organiser.",
  de: "Abgelehnt. Ruf das Orga-Team.",
  es: "Rechazado. Llama a la organización.",
};

/** Why something was not refunded or undone, by the server's code of it and how the voucher stands. */

/** @import {Said} from "./language.js" */

/** @type {Said<[]>} */
const VOID = {
  en: "This voucher was withdrawn. An organiser can restore it first.",
  de: "Dieser Gutschein wurde zurückgezogen. Die Orga kann ihn zuerst wiederherstellen.",
  es: "Este vale se retiró. La organización puede restaurarlo antes.",
};
/** @type {Said<[]>} */
const SUPERSEDED = {
  en: "This card was replaced. Ask for the new one they were sent.",
  de: "Diese Karte wurde ersetzt. Lass dir die neue zeigen.",
  es: "Esta tarjeta se cambió por otra. Pide la nueva.",
};
/** @type {Said<[]>} */
const REFUNDED = {
  en: "This was refunded already: a new card was sent to them.",
  de: "Das wurde schon ersetzt: Eine neue Karte ist verschickt.",
  es: "Esto ya se reembolsó: se le envió una tarjeta nueva.",
};

/** @type {Record<string, Said<[]>>} */
export const MOVES = {
  not_allowed_refund: {
    en: "This device may not refund. An organiser can let it redeem, or do it.",
    de: "Dieses Gerät darf nichts ersetzen. Die Orga kann ihm das Einlösen erlauben oder es selbst tun.",
    es: "Este dispositivo no puede reembolsar. La organización puede permitirle canjear o hacerlo ella.",
  },
  refund_not_allowed: {
    en: "Only a supervisor can refund: ask one to.",
    de: "Ersetzen kann nur eine Aufsicht: Bitte eine darum.",
    es: "Solo supervisión puede reembolsar: pídeselo.",
  },
  supervisor_needed: {
    en: "Only a supervisor with a PIN may do this.",
    de: "Das darf nur eine Aufsicht mit PIN.",
    es: "Solo puede hacerlo supervisión con PIN.",
  },
  nothing_to_refund: {
    en: "This code showed no voucher that is known here: nothing can be refunded.",
    de: "Zu diesem Code gibt es hier keinen Gutschein: Nichts kann ersetzt werden.",
    es: "Ese código no es de ningún vale de aquí: no hay nada que reembolsar.",
  },
  being_handed_out: {
    en: "Another desk is handing this out just now: try again in two minutes.",
    de: "Ein anderer Tisch gibt das gerade aus: Versuch es in zwei Minuten noch einmal.",
    es: "Otra mesa lo está entregando ahora: prueba otra vez en dos minutos.",
  },
  not_issued: {
    en: "None can be given just now, so nothing was refunded. An organiser can help.",
    de: "Gerade kann keiner ausgestellt werden, darum wurde nichts ersetzt. Die Orga kann helfen.",
    es: "Ahora no se puede dar ninguno, así que no se reembolsó nada. La organización puede ayudar.",
  },
  move_refused_refund_uses: {
    en: "Fewer were redeemed than are to be refunded.",
    de: "Es wurde weniger eingelöst, als ersetzt werden soll.",
    es: "Se canjeó menos de lo que se quiere reembolsar.",
  },
  move_refused_refund_void: VOID,
  move_refused_refund_superseded: SUPERSEDED,
  move_refused_refund_refunded: REFUNDED,
  move_refused_undo_void: VOID,
  move_refused_undo_superseded: SUPERSEDED,
  move_refused_undo_refunded: REFUNDED,
};

/** The one word of each verdict: short, and read from two metres. */

/** @import {Said} from "./language.js" */

const REPLACED = { en: "Replaced", de: "Ersetzt", es: "Cambiado" };
const UNKNOWN = { en: "Unknown", de: "Unbekannt", es: "Desconocido" };
const PICTURE = { en: "Picture", de: "Foto", es: "Foto" };
const LIMIT = { en: "Limit", de: "Limit", es: "Límite" };

export const REFUSED = { en: "Refused", de: "Abgelehnt", es: "Rechazado" };

/** @type {Record<string, Said<[]>>} */
export const VERDICTS = {
  redeemed: { en: "Redeemed", de: "Eingelöst", es: "Canjeado" },
  reserved: { en: "Reserved", de: "Reserviert", es: "Reservado" },
  released: { en: "Released", de: "Freigegeben", es: "Liberado" },
  undone: { en: "Undone", de: "Rückgängig", es: "Deshecho" },
  valid: { en: "Valid", de: "Gültig", es: "Válido" },
  malformed: { en: "Unreadable", de: "Unlesbar", es: "Ilegible" },
  unsupported_version: { en: "Unsupported", de: "Unlesbar", es: "Ilegible" },
  revoked_key: REPLACED,
  unknown_key: UNKNOWN,
  bad_signature: REFUSED,
  not_yet_valid: { en: "Early", de: "Verfrüht", es: "Temprano" },
  expired: { en: "Expired", de: "Abgelaufen", es: "Caducado" },
  live_required: PICTURE,
  online_required: { en: "Offline", de: "Offline", es: "Desconectado" },
  unknown_voucher: UNKNOWN,
  unknown_perk: UNKNOWN,
  void: { en: "Void", de: "Ungültig", es: "Anulado" },
  superseded: REPLACED,
  refunded: { en: "Refunded", de: "Erstattet", es: "Reembolsado" },
  wrong_station: { en: "Elsewhere", de: "Woanders", es: "Desviar" },
  closed_now: { en: "Closed", de: "Geschlossen", es: "Cerrado" },
  held: { en: "Held", de: "Belegt", es: "Ocupado" },
  too_few_uses: LIMIT,
  allowance_spent: LIMIT,
  already_redeemed: { en: "Used", de: "Verbraucht", es: "Usado" },
  identity_required: { en: "Identity", de: "Ausweis", es: "Identidad" },
  out_of_stock: { en: "Unavailable", de: "Vergriffen", es: "Agotado" },
  impossible_time: { en: "Clock", de: "Uhrzeit", es: "Reloj" },
  revoked_device: { en: "Revoked", de: "Gesperrt", es: "Revocado" },
  not_allowed: { en: "Forbidden", de: "Verboten", es: "Prohibido" },
};

/** What is no verdict, and shown like one. */
export const WORDS = {
  old_picture: PICTURE,
  accepted: { en: "Accepted", de: "Angenommen", es: "Aceptado" },
  again: { en: "Again", de: "Nochmal", es: "Repetido" },
  asking: { en: "Asking", de: "Moment", es: "Consultando" },
  unclear: { en: "Unclear", de: "Unklar", es: "Incierto" },
  not_undone: { en: "Unchanged", de: "Unverändert", es: "Igual" },
  unpaired: { en: "Unpaired", de: "Entkoppelt", es: "Desvinculado" },
  wait: { en: "Wait", de: "Warten", es: "Espera" },
};

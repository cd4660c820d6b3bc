/** Why something was not judged at all, by the server's code of it (docs/scans.md). */

import { CONNECTION } from "./connection.js";
import { MOVES } from "./moves.js";

/** @import {Said} from "./language.js" */

/** By code, and by code and `why` where it has several reasons. @type {Record<string, Said<[]>>} */
export const PROBLEMS = {
  ...MOVES,
  not_signed_in: CONNECTION.not_paired_any_more,
  not_allowed: {
    en: "This device may not do that. Ask an organiser.",
    de: "Dieses Gerät darf das nicht. Frag das Orga-Team.",
    es: "Este dispositivo no puede hacer eso. Pregunta a la organización.",
  },
  not_allowed_redeem: {
    en: "This device may only check. An organiser can let it redeem.",
    de: "Dieses Gerät darf nur prüfen. Das Orga-Team kann ihm das Einlösen erlauben.",
    es: "Este dispositivo solo puede comprobar. La organización puede permitirle canjear.",
  },
  not_allowed_undo: {
    en: "This device may not undo. An organiser can let it, or do it.",
    de: "Dieses Gerät darf nichts rückgängig machen. Das Orga-Team kann es ihm erlauben oder es selbst tun.",
    es: "Este dispositivo no puede deshacer. La organización puede permitírselo o hacerlo.",
  },
  not_allowed_withdrawn: {
    en: "The programme no longer has this station. Call an organiser.",
    de: "Das Programm hat diese Station nicht mehr. Ruf das Orga-Team.",
    es: "El programa ya no tiene este puesto. Llama a la organización.",
  },
  undo_not_allowed_another: {
    en: "Only who handed it over, or a supervisor, can undo it here.",
    de: "Hier kann das nur rückgängig machen, wer es ausgegeben hat, oder eine Aufsicht.",
    es: "Aquí solo puede deshacerlo quien lo entregó o supervisión.",
  },
  undo_not_allowed_too_late: {
    en: "Ten minutes are over: ask a supervisor to undo it.",
    de: "Zehn Minuten sind um: Bitte eine Aufsicht, es rückgängig zu machen.",
    es: "Pasaron diez minutos: pide a supervisión que lo deshaga.",
  },
  order_fetched: {
    en: "It was fetched: take it back at the pickup desk first.",
    de: "Es wurde schon abgeholt: Nimm es zuerst an der Abholung zurück.",
    es: "Ya se recogió: primero acéptalo de vuelta en la recogida.",
  },
  undo_not_allowed_conflict: {
    en: "This is a conflict: organisers look at it.",
    de: "Das ist ein Konflikt: Das Orga-Team sieht ihn sich an.",
    es: "Es un conflicto: lo mira la organización.",
  },
  nothing_to_undo: {
    en: "This attempt handed nothing over, or it was undone.",
    de: "Bei diesem Versuch wurde nichts ausgegeben, oder er ist schon rückgängig gemacht.",
    es: "En este intento no se entregó nada, o ya se deshizo.",
  },
  unknown_attempt: {
    en: "This device made no such attempt.",
    de: "Diesen Versuch hat dieses Gerät nicht gemacht.",
    es: "Este dispositivo no hizo ese intento.",
  },
  too_many_guesses: {
    en: "Too many codes that are none: wait a minute, then scan again.",
    de: "Zu viele Codes, die keine sind: Warte eine Minute und scanne dann wieder.",
    es: "Demasiados códigos que no lo son: espera un minuto y vuelve a escanear.",
  },
  attempt_differs: {
    en: "The server already knows this scan with other contents. Scan the code once more.",
    de: "Der Server kennt diesen Scan schon mit anderem Inhalt. Scanne den Code noch einmal.",
    es: "El servidor ya conoce este escaneo con otro contenido. Escanea el código otra vez.",
  },
};

/** By the status alone, where the answer says no more. @type {Record<number, Said<[]>>} */
export const BY_STATUS = {
  400: {
    en: "The server did not understand this scan.",
    de: "Der Server hat diesen Scan nicht verstanden.",
    es: "El servidor no entendió este escaneo.",
  },
  401: CONNECTION.not_paired_any_more,
  403: /** @type {Said<[]>} */ (PROBLEMS.not_allowed),
  409: /** @type {Said<[]>} */ (PROBLEMS.attempt_differs),
  422: {
    en: "The server did not accept this scan.",
    de: "Der Server hat diesen Scan nicht angenommen.",
    es: "El servidor no aceptó este escaneo.",
  },
  429: {
    en: "Too many scans at once. Wait a moment, then scan again.",
    de: "Zu viele Scans auf einmal. Warte einen Moment und scanne dann wieder.",
    es: "Demasiados escaneos a la vez. Espera un momento y vuelve a escanear.",
  },
};

export const REFUSED = {
  en: "The server refused this scan.",
  de: "Der Server hat diesen Scan abgelehnt.",
  es: "El servidor rechazó este escaneo.",
};

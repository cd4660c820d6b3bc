/**
 * For each verdict one sentence that says what to do, by the server's name of it. The English is the
 * server's own, held to `voucher/scans/sentences.py` by a test; what is not known is left out.
 */

import { REFUSALS } from "./refusals.js";

/** @type {Record<string, Record<import("./language.js").Language, string>>} */
export const SENTENCES = {
  redeemed: { en: "Hand it over.", de: "Gib es aus.", es: "Entrégalo." },
  redeemed_priority_entry: {
    en: "Let them in first.", de: "Lass sie zuerst ein.", es: "Déjale pasar primero.",
  },
  redeemed_early_access: { en: "Let them in.", de: "Lass sie ein.", es: "Déjale pasar." },
  redeemed_discount: {
    en: "Give the discount: type the coupon, or show it.",
    de: "Gib den Rabatt: Tippe den Gutscheincode ein oder zeig ihn.",
    es: "Aplica el descuento: escribe el cupón o enséñalo.",
  },
  redeemed_pickup: {
    en: "Order placed. Hand nothing over: they are told when it is ready here.",
    de: "Bestellt. Gib nichts aus: Es gibt Bescheid, sobald es hier bereitliegt.",
    es: "Pedido hecho. No entregues nada: se le avisa cuando esté listo aquí.",
  },
  reserved: {
    en: "Hand it over, then confirm.", de: "Gib es aus und bestätige dann.", es: "Entrégalo y confirma después.",
  },
  reserved_priority_entry: {
    en: "Let them in first, then confirm.",
    de: "Lass sie zuerst ein und bestätige dann.",
    es: "Déjale pasar primero y confirma después.",
  },
  reserved_early_access: {
    en: "Let them in, then confirm.", de: "Lass sie ein und bestätige dann.", es: "Déjale pasar y confirma después.",
  },
  reserved_discount: {
    en: "Give the discount by its coupon, then confirm.",
    de: "Gib den Rabatt mit seinem Gutscheincode und bestätige dann.",
    es: "Aplica el descuento con su cupón y confirma después.",
  },
  reserved_pickup: {
    en: "Confirm, and the order is placed. Hand nothing over.",
    de: "Bestätige, dann ist es bestellt. Gib nichts aus.",
    es: "Confirma y se hace el pedido. No entregues nada.",
  },
  released: {
    en: "Released. Nothing was handed over.",
    de: "Freigegeben. Nichts wurde ausgegeben.",
    es: "Liberado. No se entregó nada.",
  },
  released_priority_entry: {
    en: "Released. Nobody was let in.",
    de: "Freigegeben. Niemand wurde zuerst eingelassen.",
    es: "Liberado. Nadie pasó primero.",
  },
  released_early_access: {
    en: "Released. Nobody was let in.",
    de: "Freigegeben. Niemand wurde eingelassen.",
    es: "Liberado. No pasó nadie.",
  },
  released_discount: {
    en: "Released. No discount was given.",
    de: "Freigegeben. Kein Rabatt wurde gegeben.",
    es: "Liberado. No se aplicó ningún descuento.",
  },
  released_pickup: {
    en: "Released. Nothing was ordered.",
    de: "Freigegeben. Nichts wurde bestellt.",
    es: "Liberado. No se pidió nada.",
  },
  undone: {
    en: "Undone. It can be handed over again.",
    de: "Rückgängig gemacht. Es kann wieder ausgegeben werden.",
    es: "Deshecho. Se puede entregar otra vez.",
  },
  undone_priority_entry: {
    en: "Undone. They can come in first again.",
    de: "Rückgängig gemacht. Sie können wieder zuerst hinein.",
    es: "Deshecho. Puede volver a pasar primero.",
  },
  undone_early_access: {
    en: "Undone. They can come in again.",
    de: "Rückgängig gemacht. Sie können wieder hinein.",
    es: "Deshecho. Puede volver a pasar.",
  },
  undone_discount: {
    en: "Undone. The discount can be given again.",
    de: "Rückgängig gemacht. Der Rabatt kann wieder gegeben werden.",
    es: "Deshecho. El descuento se puede aplicar otra vez.",
  },
  undone_pickup: {
    en: "Undone. The order is cancelled, and can be placed again.",
    de: "Rückgängig gemacht. Die Bestellung ist storniert und kann neu aufgegeben werden.",
    es: "Deshecho. El pedido está cancelado y se puede hacer otra vez.",
  },
  valid: {
    en: "Valid. Nothing was changed.", de: "Gültig. Nichts wurde geändert.", es: "Válido. No se cambió nada.",
  },
  ...REFUSALS,
};

/** Is this device ready? What was found, as go, look or no-go, each with what to do. Pure. */

import { ago } from "../moments.js";
import { DRILL } from "../words/drill.js";
import { word } from "../words/language.js";

/** @import {Station} from "../figures/rows.js" */

/** go: fine. look: it works, but. no: do not open like this. ask: staff have to try it. */
/** @typedef {"go" | "look" | "no" | "ask"} State */
/** @typedef {{key: string, name: string, state: State, sentence: string}} Check */

/**
 * What was found; null where nobody knows.
 * @typedef {Object} Found
 * @property {number} now Unix milliseconds, by the server's clock as far as it is known
 * @property {string} [timeZone]
 * @property {{isRunning: boolean, isReading: boolean, sawCode: boolean}} camera
 * @property {{isOn: boolean, heard: boolean | null}} sound
 * @property {boolean} canShake
 * @property {{isConnected: boolean, isUnpaired: boolean, roundTripMs: number | null}} network
 * @property {number | null} skewMs how far this device's clock is ahead
 * @property {{isAble: boolean, asOf: number, complaint: string}} knows
 * @property {{waiting: number, forPeople: number}} queue
 * @property {{isPersisted: boolean | null, isInstalled: boolean}} disk
 * @property {Station["stock"] | null} stock
 * @property {{operator: string | null, may: string[], isCheckOnly: boolean} | null} holder
 * @property {{level: number, isCharging: boolean} | null} battery
 */

/** The desk waits a second and a half for the server: half of that leaves room for a queue. */
const SLOW_MS = 750;
const CLOCK_LOOK_MS = 30_000, CLOCK_NO_MS = 120_000;
const OLD_MS = 2 * 60_000, TOO_OLD_MS = 60 * 60_000;
const HALF = 0.5, LITTLE = 0.15;

/**
 * @param {Found} found
 * @returns {Check[]} what matters first, first
 */
export function checksOf(found) {
  return [
    camera(found), network(found), knows(found), clock(found), may(found), sound(found), shake(found),
    queue(found), stock(found), who(found), page(found), disk(found), battery(found),
  ].filter((check) => check !== null);
}

/**
 * @param {Check[]} checks
 * @returns {{state: State, word: string}} of all of them
 */
export function verdictOf(checks) {
  const count = (/** @type {State} */ wanted) => checks.filter(({ state }) => state === wanted).length;
  if (count("no") > 0) return { state: "no", word: word(DRILL.notReady) };
  if (count("ask") > 0) return { state: "ask", word: word(DRILL.toTry, count("ask")) };
  if (count("look") > 0) return { state: "look", word: word(DRILL.readyButLook, count("look")) };
  return { state: "go", word: word(DRILL.ready) };
}

/** @param {Found} found @returns {Check} */
function camera({ camera: { isRunning, isReading, sawCode } }) {
  const name = word(DRILL.camera), key = "camera";
  if (!isReading) return { key, name, state: "no", sentence: word(DRILL.readerOff) };
  if (!isRunning) return { key, name, state: "no", sentence: word(DRILL.cameraOff) };
  return sawCode ? { key, name, state: "go", sentence: word(DRILL.cameraGo) }
    : { key, name, state: "ask", sentence: word(DRILL.cameraTry) };
}

/** @param {Found} found @returns {Check} */
function network({ network: { isConnected, isUnpaired, roundTripMs }, knows: { isAble } }) {
  const name = word(DRILL.network), key = "network";
  if (isUnpaired) return { key, name, state: "no", sentence: word(DRILL.unpaired) };
  if (!isConnected || roundTripMs === null) {
    return isAble ? { key, name, state: "look", sentence: word(DRILL.networkAlone) }
      : { key, name, state: "no", sentence: word(DRILL.networkNone) };
  }
  const ms = Math.round(roundTripMs);
  return ms <= SLOW_MS ? { key, name, state: "go", sentence: word(DRILL.networkGo, ms) }
    : { key, name, state: "look", sentence: word(DRILL.networkSlow, ms) };
}

/** @param {Found} found @returns {Check} */
function knows({ knows: { isAble, asOf, complaint }, now, timeZone }) {
  const name = word(DRILL.knows), key = "knows";
  if (complaint) return { key, name, state: "no", sentence: complaint };
  if (!isAble) return { key, name, state: "look", sentence: word(DRILL.knowsNot) };
  const age = now - asOf, time = ago(asOf, now, timeZone);
  if (age <= OLD_MS) return { key, name, state: "go", sentence: word(DRILL.knowsGo, time) };
  return { key, name, state: age > TOO_OLD_MS ? "no" : "look", sentence: word(DRILL.knowsOld, time) };
}

/** @param {Found} found @returns {Check} */
function clock({ skewMs }) {
  const name = word(DRILL.clock), key = "clock";
  if (skewMs === null) return { key, name, state: "look", sentence: word(DRILL.unknown) };
  const off = Math.abs(skewMs);
  if (off < CLOCK_LOOK_MS) return { key, name, state: "go", sentence: word(DRILL.clockGo) };
  const seconds = Math.round(off / 1000), minutes = Math.round(off / 60_000);
  const time = seconds < 120 ? `${seconds} s` : `${minutes} min`;
  return { key, name, state: off < CLOCK_NO_MS ? "look" : "no", sentence: word(DRILL.clockOff, time) };
}

/** @param {Found} found @returns {Check | null} */
function may({ holder }) {
  if (!holder) return null;
  const name = word(DRILL.may), key = "may";
  if (!holder.may.includes("redeem")) return { key, name, state: "look", sentence: word(DRILL.mayNot) };
  return holder.isCheckOnly ? { key, name, state: "look", sentence: word(DRILL.checkOnly) }
    : { key, name, state: "go", sentence: word(DRILL.mayGo) };
}

/** @param {Found} found @returns {Check} */
function sound({ sound: { isOn, heard } }) {
  const name = word(DRILL.sound), key = "sound";
  if (!isOn) return { key, name, state: "look", sentence: word(DRILL.soundOff) };
  if (heard === null) return { key, name, state: "ask", sentence: word(DRILL.soundTry) };
  return heard ? { key, name, state: "go", sentence: word(DRILL.soundGo) }
    : { key, name, state: "look", sentence: word(DRILL.soundNot) };
}

/** @param {Found} found @returns {Check} */
function shake({ canShake }) {
  // None is needed: many tablets cannot.
  return { key: "shake", name: word(DRILL.shake), state: "go", sentence: word(canShake ? DRILL.shakeGo : DRILL.shakeNot) };
}

/** @param {Found} found @returns {Check} */
function queue({ queue: { waiting, forPeople } }) {
  const name = word(DRILL.queue), key = "queue";
  if (waiting > 0) return { key, name, state: "look", sentence: word(DRILL.queueWaits, waiting) };
  return forPeople > 0 ? { key, name, state: "look", sentence: word(DRILL.queuePeople, forPeople) }
    : { key, name, state: "go", sentence: word(DRILL.queueGo) };
}

/** @param {Found} found @returns {Check | null} where nothing is counted there is nothing to say */
function stock({ stock: all }) {
  if (!all || all.length === 0) return null;
  const name = word(DRILL.stock), key = "stock";
  const named = (/** @type {Station["stock"]} */ some) =>
    some.map(({ name: item, variant }) => (variant ? `${item} ${variant}` : item)).join(", ");
  // What is promised still lies there: only an empty shelf keeps a desk from opening.
  const none = all.filter(({ on_hand }) => on_hand <= 0), low = all.filter((one) => one.low);
  if (none.length > 0) {
    const state = none.length === all.length ? "no" : "look";
    return { key, name, state, sentence: word(DRILL.stockNone, named(none)) };
  }
  return low.length > 0 ? { key, name, state: "look", sentence: word(DRILL.stockLow, named(low)) }
    : { key, name, state: "go", sentence: word(DRILL.stockGo) };
}

/** @param {Found} found @returns {Check | null} */
function who({ holder }) {
  if (!holder) return null;
  const name = word(DRILL.who), key = "who";
  return holder.operator ? { key, name, state: "go", sentence: word(DRILL.whoGo, holder.operator) }
    : { key, name, state: "look", sentence: word(DRILL.whoNot) };
}

/** @param {Found} found @returns {Check} */
function page({ disk: { isInstalled } }) {
  const name = word(DRILL.page), key = "page";
  return isInstalled ? { key, name, state: "go", sentence: word(DRILL.pageGo) }
    : { key, name, state: "look", sentence: word(DRILL.pageLook) };
}

/** @param {Found} found @returns {Check} */
function disk({ disk: { isPersisted } }) {
  const name = word(DRILL.disk), key = "disk";
  return isPersisted ? { key, name, state: "go", sentence: word(DRILL.diskGo) }
    : { key, name, state: "look", sentence: word(DRILL.diskLook) };
}

/** @param {Found} found @returns {Check | null} */
function battery({ battery: told }) {
  if (!told) return null;
  const name = word(DRILL.battery), key = "battery", percent = Math.round(told.level * 100);
  if (told.isCharging || told.level >= HALF) {
    return { key, name, state: "go", sentence: word(DRILL.batteryGo, percent) };
  }
  return { key, name, state: told.level < LITTLE ? "no" : "look", sentence: word(DRILL.batteryLow, percent) };
}

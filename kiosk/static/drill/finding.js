/** Finds out how this device is, for the drill. */

/** @import {Figures} from "../figures/figures.js" */
/** @import {Standby} from "../offline/standby.js" */
/** @import {Found} from "./checks.js" */

const STATUS = "/kiosk/status";
const TIMEOUT_MS = 4000;

/**
 * What the page knows by itself.
 * @typedef {Object} Parts
 * @property {Standby} standby
 * @property {Figures} figures
 * @property {() => {isOn: boolean}} sound
 * @property {string} [timeZone]
 */

/** @typedef {{level: number, charging: boolean}} BatteryManager what browsers' types leave out */

/**
 * @param {Parts} parts
 * @param {{sawCode: boolean, heard: boolean | null}} tried what staff tried so far
 * @returns {Promise<Found>}
 */
export async function find({ standby, figures, sound, timeZone }, { sawCode, heard }) {
  const { dataset } = document.body;
  const [status, isPersisted, battery] = await Promise.all([
    timed(), navigator.storage?.persisted?.().catch(() => null) ?? null, batteryOf(),
  ]);
  const { synced, outbox } = standby.alone ?? {};
  const { waiting = 0, parked = 0, conflicts = 0 } = outbox?.count ?? {};
  const told = status?.told;
  const skewMs = status ? status.receivedAt - status.roundTripMs / 2 - Date.parse(status.told.server_time) : null;
  return {
    now: Date.now() - (skewMs ?? synced?.reading?.judged.skew_ms ?? 0),
    timeZone,
    camera: { isRunning: dataset.camera === "running", isReading: dataset.reader === "ready", sawCode },
    sound: { isOn: sound().isOn, heard },
    canShake: "vibrate" in navigator,
    network: {
      isConnected: status !== null, roundTripMs: status?.roundTripMs ?? null,
      isUnpaired: standby.connection.state === "unpaired",
    },
    skewMs: skewMs ?? synced?.reading?.judged.skew_ms ?? null,
    knows: { isAble: standby.isAble, asOf: synced?.asOf ?? 0, complaint: standby.complaint },
    queue: { waiting, forPeople: parked + conflicts },
    disk: { isPersisted, isInstalled: dataset.installed === "true" },
    stock: figures.station?.stock ?? null,
    holder: told ? {
      operator: told.operator?.name ?? null, may: told.device.may ?? [], isCheckOnly: dataset.mode === "check",
    } : null,
    battery,
  };
}

/** @returns {Promise<{told: any, roundTripMs: number, receivedAt: number} | null>} */
async function timed() {
  try {
    const begun = performance.now();
    const response = await fetch(STATUS, {
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const told = response.ok ? await response.json() : null;
    const roundTripMs = performance.now() - begun;
    return told?.device ? { told, roundTripMs, receivedAt: Date.now() } : null;
  } catch {
    return null;
  }
}

/** @returns {Promise<Found["battery"]>} null where the browser does not say */
async function batteryOf() {
  const { getBattery } = /** @type {{getBattery?: () => Promise<BatteryManager>}} */ (navigator);
  const told = await getBattery?.call(navigator).catch(() => null);
  return told ? { level: told.level, isCharging: told.charging } : null;
}

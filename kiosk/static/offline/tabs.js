/** Two tabs that decide alone would not know of each other: one of them holds the device. */

/** @param {string} deviceId */
const nameOf = (deviceId) => `keepsake-kiosk-${deviceId}`;

/**
 * Holds the device for as long as this tab is open.
 * @param {string} deviceId
 * @param {() => Promise<void>} onHeld
 * @param {() => void} onOther another tab has it: this one waits for it
 */
export async function holdDevice(deviceId, onHeld, onOther) {
  const held = () => onHeld().then(() => new Promise(() => {}));
  await navigator.locks.request(nameOf(deviceId), { ifAvailable: true }, (lock) => lock && held());
  onOther();
  await navigator.locks.request(nameOf(deviceId), held);
}

/**
 * Holds the device where no other tab does.
 * @param {string} deviceId
 * @returns {Promise<boolean>} whether this tab has it from now on
 */
export function holdIfFree(deviceId) {
  return new Promise((resolve) => {
    navigator.locks.request(nameOf(deviceId), { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    });
  });
}

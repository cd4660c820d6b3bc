/** The simulated time, the same for all; what a device's own clock says of it is the device's. */

export const time = {
  /** Unix milliseconds. */
  now: 0,
};

// The kiosk's own monotonic clock: nobody sets it.
performance.now = () => time.now;

/** Lets others go on. @returns {Promise<void>} */
export const breath = () => new Promise(setImmediate);

/** What somebody waits for whose page has ended. @type {Promise<never>} */
export const NEVER = new Promise(() => {});

/** Who holds this device, by what was done here and by what the server says. Pure. */

/**
 * An operator who may sign in on this device, as the server told it.
 * @typedef {Object} Admitted
 * @property {string} id
 * @property {string} name
 * @property {string} role `steward` or `supervisor`
 * @property {boolean} has_pin
 * @property {number} pin_number which of their PINs stands
 * @property {boolean} pin_chosen whether it is their own choice
 */

/**
 * server: signed in there. device: this device has looked at the PIN. vouched: they have no PIN yet.
 * @typedef {"server" | "device" | "vouched"} By
 */

/**
 * @typedef {Object} Holder
 * @property {string} id
 * @property {string} name
 * @property {string} role
 * @property {By} by
 * @property {number} until Unix milliseconds, by the server's clock
 * @property {number} pinNumber the PIN that was looked at; 0 where none was
 */

/**
 * leaves: whom the server still takes for the holder has left, and it has to hear of that.
 * @typedef {{holder: Holder | null, leaves: boolean}} Held
 */

/**
 * @typedef {Object} Told what the server says
 * @property {Admitted[]} operators
 * @property {{id: string, name: string, role: string, until: string} | null} operator
 */

/** By which name who holds the device is kept on its disk. */
export const HELD = "holder";
export const HELD_FOR_MS = 12 * 3600 * 1000;
/** So long before a sign-in ends it is shown. */
export const SOON_MS = 30 * 60 * 1000;
export const STEWARD = "steward", SUPERVISOR = "supervisor";

/** @type {Held} */
export const NOBODY = { holder: null, leaves: false };

/**
 * What holds once the server has been heard. Who signed in without it goes before whom it knows, as
 * long as they may; who it does not know any more holds nothing.
 * @param {Held} held
 * @param {Told} told
 * @returns {{held: Held, ended: Holder | null}} ended: who held it until now, and may not go on
 */
export function settle({ holder, leaves }, { operators, operator }) {
  const known = operator && !leaves ? signedIn(operator, operators) : null;
  const stays = { leaves: leaves && operator !== null };
  if (!holder) return { held: { ...stays, holder: known }, ended: null };
  if (known && (holder.by === "server" || known.id === holder.id)) {
    return { held: { ...stays, holder: known }, ended: null };
  }
  const admitted = operators.find(({ id }) => id === holder.id);
  if (!admitted || !mayGoOn(holder, admitted)) return { held: { ...stays, holder: known }, ended: holder };
  const { name, role } = admitted;
  return { held: { leaves: operator !== null, holder: { ...holder, name, role } }, ended: null };
}

/**
 * @param {Holder} holder
 * @param {Admitted} admitted
 */
function mayGoOn({ by, pinNumber }, admitted) {
  if (by === "server") return false;
  if (by === "vouched") return !admitted.has_pin;
  return admitted.has_pin && admitted.pin_number === pinNumber;
}

/**
 * @param {{id: string, name: string, role: string, until: string}} operator
 * @param {Admitted[]} operators
 * @returns {Holder}
 */
export function signedIn({ id, name, role, until }, operators) {
  const pinNumber = operators.find((one) => one.id === id)?.pin_number ?? 0;
  return { id, name, role, by: "server", until: Date.parse(until), pinNumber };
}

/**
 * @param {Admitted} operator
 * @param {By} by
 * @param {number} now
 * @returns {Holder}
 */
export function holderOf({ id, name, role, pin_number: pinNumber }, by, now) {
  return { id, name, role, by, until: now + HELD_FOR_MS, pinNumber };
}

/**
 * Until when: a PIN that this device alone looked at is good for as long as it may act alone.
 * @param {Holder} holder
 * @param {number} aloneUntil
 */
export function endOf({ by, until }, aloneUntil) {
  return by === "device" ? Math.min(until, aloneUntil) : until;
}

/** What they may as a holder: more than a steward is only who the server knows. @param {Holder} holder */
export function roleOf({ by, role }) {
  return by === "device" ? STEWARD : role;
}

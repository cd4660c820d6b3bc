/** Who decides where the server is silent: the contract, and nobody. */

/** @import {Status} from "../connection.js" */
/** @import {Answer, Outcome} from "../contract.js" */
/** @import {Entry} from "../entry.js" */
/** @import {Asking, Own} from "./alone.js" */
/** @import {Facts} from "./sync.js" */

/**
 * @typedef {Object} Decider
 * @property {boolean} isAble whether it knows enough
 * @property {boolean} isLost whether the server is known to be out of reach
 * @property {(entry: Entry) => Promise<boolean>} owes whether something was handed out for it that
 *   the server has not heard of
 * @property {() => Promise<void>} tell resolved once it was tried to tell the server what waits
 * @property {(asking: Asking) => Promise<Own | null>} decide
 * @property {(asking: Asking) => Promise<void>} asks resolved once it is kept that the server is asked
 * @property {(asking: Asking, answer: Answer) => Promise<void>} heard told of each answer; resolved once
 *   what it redeemed is kept
 * @property {(asking: Asking, outcome: Outcome) => Promise<void>} unanswered told of what is no answer
 * @property {(asking: Asking, held: Answer) => Promise<Outcome | null>} handedOver told of what the
 *   server held and does not hear of; null where that cannot be kept
 * @property {string | undefined} timeZone of the station
 * @property {() => void} cameBack the server answered after all, too late for the screen
 * @property {(attemptId: string) => Promise<void>} sent resolved once the server knows the attempt,
 *   or cannot be reached
 * @property {(attemptId: string) => boolean} isConflict whether the record does not accept what was
 *   handed over by it
 * @property {(attemptId: string) => Promise<void>} undone told of what was taken back
 */

/**
 * Who hears of the server as well, and keeps it on the same disk.
 * @typedef {Object} Companion
 * @property {(facts: Facts) => Promise<void>} open
 * @property {(status: Status, askedAt: number) => Promise<void>} told
 * @property {() => Promise<void>} forget this browser stands for no device, or for another one
 */

/** @type {Decider} */
export const NOBODY = {
  isAble: false,
  isLost: false,
  owes: async () => false,
  tell: async () => {},
  decide: async () => null,
  asks: async () => {},
  heard: async () => {},
  unanswered: async () => {},
  handedOver: async () => null,
  timeZone: undefined,
  cameBack: () => {},
  sent: async () => {},
  isConflict: () => false,
  undone: async () => {},
};

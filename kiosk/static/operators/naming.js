/** Names who holds the device in what is asked, and what is done where the server wants another name. */

import { SIGN_IN } from "../words/sign-in.js";
import { word } from "../words/language.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Asking} from "../offline/alone.js" */

/** @typedef {{id: string, name: string}} Named */

/**
 * Who holds the device, as scans ask for it.
 * @typedef {Object} Holding
 * @property {Named | null} named
 * @property {boolean} isMissing whether nothing may be scanned until somebody signs in
 * @property {(outcome: Outcome) => Promise<boolean>} settles told of each outcome; whether somebody
 *   has signed in because of it, so that it is worth asking again
 */

/** @type {Holding} */
export const NOBODY = { named: null, isMissing: false, settles: async () => false };

/** What the server answers where it wants somebody to sign in. */
export const REQUIRED = "operator_required", NOT_SIGNED_IN = "operator_not_signed_in";
const UNKNOWN = "unknown_operator";
const CODES = [REQUIRED, NOT_SIGNED_IN, UNKNOWN];

/** @param {Outcome} outcome */
export function wantsSignIn(outcome) {
  return outcome.kind === "problem" && CODES.includes(outcome.code ?? "");
}

/** @returns {Outcome} where nobody is asked, since nobody has signed in */
export function unnamed() {
  return { kind: "problem", status: 422, code: REQUIRED, sentence: word(SIGN_IN.required) };
}

/**
 * @param {Response} response of a problem
 * @param {string | undefined} name whom the request named
 * @returns {Promise<{code: string, sentence: string}>} an empty sentence where it is about no operator
 */
export async function operatorProblem(response, name = "") {
  const { title = "" } = await response.json().catch(() => ({}));
  const code = String(title);
  if (code === NOT_SIGNED_IN) return { code, sentence: word(SIGN_IN.notSignedIn, name) };
  if (code === UNKNOWN) return { code, sentence: word(SIGN_IN.notKnown, name) };
  return { code, sentence: code === REQUIRED ? word(SIGN_IN.required) : "" };
}

/**
 * The same attempt, in the name of who holds the device now: a refusal for the name is kept nowhere,
 * and an answer that was given is given again, whoever asks.
 * @template {{body: string, asking: Asking}} Attempt
 * @param {Attempt} attempt
 * @param {Named | null} who
 * @returns {Attempt}
 */
export function inTheNameOf(attempt, who) {
  const { operator: _before, ...nameless } = attempt.asking.scan;
  const scan = /** @type {Asking["scan"]} */ (who ? { ...nameless, operator: who.id } : nameless);
  return { ...attempt, body: JSON.stringify(scan), asking: { ...attempt.asking, scan, by: who?.name ?? null } };
}

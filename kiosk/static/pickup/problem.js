/** Why something was not done, in the language of staff. */

import { language } from "../words/language.js";
import { NETWORK, PROBLEMS } from "../words/pickup.js";

/**
 * The server's own sentence knows more, and is in English.
 * @param {{status: number, code: string, sentence: string}} told
 * @returns {string}
 */
export function problem({ status, code, sentence }) {
  const spoken = language();
  if (status === 401) return NETWORK.unpaired[spoken].toString();
  return spoken === "en" ? sentence : PROBLEMS[code]?.[spoken] ?? sentence;
}

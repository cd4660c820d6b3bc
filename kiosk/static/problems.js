/** What staff read where a scan was not judged at all. */

import { word } from "./words/language.js";
import { BY_STATUS, PROBLEMS, REFUSED } from "./words/problems.js";

/**
 * A problem (RFC 9457) as the server tells it: its code is the title.
 * @typedef {{status?: number, title?: unknown, detail?: unknown, why?: unknown}} Problem
 */

/**
 * What a problem tells people.
 * @param {Response} response
 * @returns {Promise<string>}
 */
export async function sentenceOf(response) {
  try {
    return sentenceOfProblem({ ...(await response.json()), status: response.status });
  } catch {
    return sentenceOfProblem({ status: response.status });
  }
}

/**
 * In our own words where the code is known, else in the server's.
 * @param {Problem} problem
 * @returns {string}
 */
export function sentenceOfProblem({ status = 0, title, detail, why }) {
  const own = [`${title}_${why}`, String(title)].find((code) => Object.hasOwn(PROBLEMS, code));
  const said = own === undefined ? undefined : PROBLEMS[own];
  const known = status === 401 ? BY_STATUS[401] : said;
  if (known) return word(known);
  const told = [detail, title].find((text) => typeof text === "string" && text);
  return told === undefined ? word(BY_STATUS[status] ?? REFUSED) : String(told);
}

/** What staff read where a scan was not judged at all. */

/** @type {Record<number, string>} */
const SENTENCES = {
  400: "The server did not understand this scan.",
  401: "This browser is not paired any more. Ask an organiser for a new pairing link.",
  403: "This device may not do that. Ask an organiser.",
  409: "The server already knows this scan with other contents. Scan the code once more.",
  422: "The server did not accept this scan.",
  429: "Too many scans at once. Wait a moment, then scan again.",
};

/**
 * What a problem (RFC 9457) tells people.
 * @param {Response} response
 * @returns {Promise<string>}
 */
export async function sentenceOf(response) {
  const own = SENTENCES[response.status] ?? "The server refused this scan.";
  if (response.status === 401) return own;
  try {
    const problem = await response.json();
    return [problem.detail, problem.title].find((text) => typeof text === "string" && text) ?? own;
  } catch {
    return own;
  }
}

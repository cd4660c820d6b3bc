/**
 * Tells the server what became of what was held. Where it is silent, a hand-over is kept on the disk and
 * goes up as the attempt that held: the server takes that for the confirmation. What was not handed over
 * need not be told: the hold ends by itself.
 */

import { clockTime } from "../moments.js";
import { HOLD } from "../words/hold.js";
import { word } from "../words/language.js";

/** @import {Outcome} from "../contract.js" */
/** @import {Asking} from "../offline/alone.js" */
/** @import {Scans} from "../scans.js" */
/** @import {Ends} from "./held.js" */

/**
 * @param {Scans} scans
 * @param {Asking} asking as the attempt that holds was made
 * @param {Ends} ends
 * @param {(next: number, of: number) => void} [onRetry]
 * @returns {Promise<Outcome>}
 */
export async function end(scans, asking, ends, onRetry = () => {}) {
  const { attemptId, how } = ends;
  const since = scans.surroundings.monotonic();
  const attempt = { id: attemptId, address: `/api/v1/scans/${attemptId}/${how}`, body: "{}", since };
  if (how === "confirm") await scans.alone.asks(asking);
  const answering = scans.tryOnce(attempt);
  const soon = await scans.soon(answering);
  const isSilent = soon === null || soon.kind === "silence";
  const own = isSilent ? await ownWord(scans, asking, ends) : null;
  if (own) {
    // It goes on asking: what is free again soon need not wait for its two minutes to be over.
    const later = how === "release" ? scans.keepTrying(attempt, () => {}, answering) : answering;
    later.then(({ kind }) => kind === "answer" && scans.alone.cameBack());
    return own;
  }
  const outcome = await scans.keepTrying(attempt, onRetry, answering);
  if (outcome.kind === "answer") await scans.alone.heard(asking, outcome.answer);
  else if (how === "confirm") await scans.alone.unanswered(asking, outcome);
  return outcome;
}

/**
 * @param {Scans} scans
 * @param {Asking} asking
 * @param {Ends} ends
 * @returns {Promise<Outcome | null>}
 */
async function ownWord({ alone }, asking, { how, held, attemptId }) {
  if (how === "confirm") return alone.handedOver(asking, held);
  if (!alone.isAble) return null;
  const until = held.hold?.until ?? held.server_time ?? "";
  const message = word(HOLD.freesItself, clockTime(new Date(until), alone.timeZone));
  const answer = { ...held, verdict: "released", message, message_key: undefined, hold: null };
  return { kind: "answer", answer, waitedMs: 0, attemptId };
}

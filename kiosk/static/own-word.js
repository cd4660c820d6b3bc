/** Says that the device decided by itself, by what, and what nobody looked at. Pure. */

import { isYes } from "./looks.js";
import { ago } from "./moments.js";

/** @import {Answer} from "./contract.js" */
/** @import {Tone} from "./looks.js" */
/** @import {Scene} from "./moments.js" */

/** @type {Record<string, string>} */
const UNCHECKED = { stock: "stock", held: "other desks" };

/**
 * @param {Answer} answer
 * @param {Tone} tone
 * @param {Scene} scene
 * @returns {string} empty where the server answered
 */
export function ownWord({ own, voucher, server_time: now }, tone, { timeZone }) {
  if (!own || (!own.isFinal && !voucher)) return "";
  const asOf = ago(Date.parse(own.asOf), Date.parse(now ?? own.asOf), timeZone);
  const begins = isYes(tone) ? "Not yet confirmed.\n" : "Decided without the server. ";
  const open = own.unchecked.map((name) => UNCHECKED[name] ?? name).join(" and ");
  return `${begins}Known as of ${asOf}.${open ? ` Not checked: ${open}.` : ""}`;
}

/** What a supervisor's steps ask of the server, beside the scans themselves. */

import { REFUSALS } from "../words/supervisor.js";
import { word } from "../words/language.js";

/**
 * @typedef {Object} Operator
 * @property {string} id
 * @property {string} name
 * @property {string} role
 * @property {boolean} [has_pin]
 */

/**
 * Who decides: with a PIN where they do not hold the device.
 * @typedef {{id: string, name: string, pin: string | null}} Named
 */

/**
 * @typedef {Object} FoundVoucher
 * @property {string} reference
 * @property {{name: string, kind?: string, identity?: boolean, minimum_age?: number | null}} perk
 * @property {number} uses_left
 * @property {string} valid_from
 * @property {string} valid_until
 * @property {string} state
 * @property {{at: string, station: string} | null} redeemed
 */

/** @typedef {{display_name: string, also: string | null, vouchers: FoundVoucher[]}} FoundMember */
/** @typedef {{status: number, told: any}} Reply status 0 where the server is silent */

const TIMEOUT_MS = 8000;

export class Server {
  /** @param {typeof fetch} [how] what tests replace */
  constructor(how = (input, init) => fetch(input, init)) {
    this.fetch = how;
  }

  /**
   * Who may decide on this device, who holds it, and what it may.
   * @returns {Promise<{operators: Operator[], holder: Operator | null, may: string[]} | null>}
   */
  async there() {
    const [operators, status] = await Promise.all([
      this.ask("GET", "/api/v1/operators"), this.ask("GET", "/kiosk/status"),
    ]);
    if (operators.status !== 200 || status.status !== 200) return null;
    const { signed_in: holder } = operators.told;
    return { operators: operators.told.operators, holder, may: status.told.device.may ?? [] };
  }

  /**
   * For the next request that names them.
   * @param {Named} named
   * @returns {Promise<string>} why not; empty where it is done, or needs no PIN
   */
  async signIn({ id, pin }) {
    if (pin === null) return "";
    const body = { operator: id, pin, once: true };
    const reply = await this.ask("POST", "/api/v1/operators/sign-in", body);
    return reply.status === 200 ? "" : complaint(reply);
  }

  /**
   * @param {string} q
   * @param {Named} named
   * @returns {Promise<{members: FoundMember[], more: boolean} | {complaint: string}>}
   */
  async search(q, named) {
    const refused = await this.signIn(named);
    if (refused) return { complaint: refused };
    const reply = await this.ask("POST", "/api/v1/members/search", { q, operator: named.id });
    return reply.status === 200 ? reply.told : { complaint: complaint(reply) };
  }

  /**
   * @param {string} method
   * @param {string} address
   * @param {Record<string, unknown>} [body]
   * @returns {Promise<Reply>}
   */
  async ask(method, address, body) {
    try {
      const response = await this.fetch(address, {
        method,
        credentials: "same-origin",
        cache: "no-store",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const isOurs = /json/.test(response.headers.get("Content-Type") ?? "");
      return isOurs ? { status: response.status, told: await response.json() } : { status: 0, told: null };
    } catch {
      return { status: 0, told: null };
    }
  }
}

/**
 * @param {Reply} reply of what was refused
 * @returns {string} in the language of the device
 */
export function complaint({ status, told }) {
  if (status === 0 || status >= 500) return word(REFUSALS.silence);
  const { title, detail, left } = told ?? {};
  if (title === "wrong_pin") return word(REFUSALS.wrong_pin, Number(left));
  const { wrong_pin: _, ...plain } = REFUSALS;
  if (Object.hasOwn(plain, title)) return word(plain[/** @type {keyof typeof plain} */ (title)]);
  return detail || word(REFUSALS.other);
}

/** Signs operators in and out at the server. */

/** @import {Admitted} from "./holding.js" */

/**
 * @typedef {{kind: "wrong", left: number} | {kind: "locked", until: number} | {kind: "weak"}
 *   | {kind: "other", sentence: string}} Refusal
 */

/** @typedef {{kind: "in", operator: Admitted, until: string} | {kind: "silence"} | Refusal} Signed */

const ADDRESS = "/api/v1/operators";
const TIMEOUT_MS = 6000;

export class Server {
  /** @param {typeof fetch} [how] what tests replace */
  constructor(how = (input, init) => fetch(input, init)) {
    this.fetch = how;
  }

  /**
   * @param {string} operator
   * @param {string} pin
   * @param {string | null} [newPin] what is to be the PIN from now on
   * @returns {Promise<Signed>}
   */
  async signIn(operator, pin, newPin = null) {
    const asked = { operator, pin, ...(newPin === null ? {} : { new_pin: newPin }) };
    const [status, told] = await this.post("/sign-in", asked);
    if (status === 200 && told?.operator) return { kind: "in", operator: told.operator, until: told.until };
    return status >= 400 && status < 500 ? refusal(told ?? {}) : { kind: "silence" };
  }

  /** @returns {Promise<boolean>} whether it knows that nobody holds this device */
  async signOut() {
    const [status, told] = await this.post("/sign-out", {});
    return status === 200 && told?.signed_in === null;
  }

  /**
   * @param {string} path
   * @param {Record<string, unknown>} body
   * @returns {Promise<[number, any]>} 0 where the server is silent, or somebody else answers
   */
  async post(path, body) {
    try {
      const response = await this.fetch(ADDRESS + path, {
        method: "POST",
        credentials: "same-origin",
        cache: "no-store",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const isOurs = /json/.test(response.headers.get("Content-Type") ?? "");
      return isOurs ? [response.status, await response.json()] : [0, null];
    } catch {
      return [0, null];
    }
  }
}

/**
 * @param {{title?: string, left?: number, until?: string, detail?: string}} problem
 * @returns {Refusal}
 */
function refusal({ title: code, left = 0, until, detail: sentence = "" }) {
  if (code === "wrong_pin") return { kind: "wrong", left };
  if (code === "sign_in_locked" && until) return { kind: "locked", until: Date.parse(until) };
  return code === "weak_pin" ? { kind: "weak" } : { kind: "other", sentence };
}

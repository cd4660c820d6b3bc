/** What the member can do who came too late: the twin of `voucher/perks/missing.py`. Pure. */

/** @import {About} from "./offline-answer.js" */

/**
 * @param {Pick<About, "perk" | "standing" | "left" | "window">} about
 * @returns {string | null} `lost`, `ask` or `renew`; null where nothing was left to miss, and where an
 *   earlier server did not say it
 */
export function missedBy({ perk, standing, left, window }) {
  const missed = perk?.missed;
  if (!perk || !missed || standing !== "open" || left === 0) return null;
  const isOver = Boolean(perk.fixed_until) && Date.parse(perk.fixed_until ?? "") <= window.valid_until * 1000;
  return missed === "renew" && (perk.withdrawn || isOver) ? "lost" : missed;
}

/** The supervisor's buttons on the list of the last scans. */

import { element } from "../elements.js";

/** @import {Decider} from "../offline/decider.js" */

/**
 * What the device accepted by itself may have become a conflict since: that is for organisers.
 * @param {Pick<Decider, "isConflict">} alone
 * @param {Pick<HTMLElement, "querySelectorAll">} [list]
 */
export function forgetConflicts(alone, list = element("recent", HTMLOListElement)) {
  for (const button of list.querySelectorAll("button[data-supervises]")) {
    const { supervises } = /** @type {HTMLElement} */ (button).dataset;
    if (supervises && alone.isConflict(supervises)) button.remove();
  }
}

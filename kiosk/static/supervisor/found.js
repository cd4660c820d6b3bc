/** Members who were found, and what each can redeem here. */

import { when } from "../moments.js";
import { FIND } from "../words/finding.js";
import { word } from "../words/language.js";
import { make } from "./make.js";

/** @import {Scene} from "../moments.js" */
/** @import {FoundMember, FoundVoucher} from "./server.js" */

/**
 * @param {FoundMember} found
 * @param {Scene} scene
 * @param {(voucher: FoundVoucher) => void} onPick
 * @returns {HTMLElement}
 */
export function memberFound({ display_name: name, also, vouchers }, scene, onPick) {
  const names = make("h3", {}, name);
  if (also) names.append(" ", make("span", { className: "quiet" }, also));
  const rows = vouchers.map((voucher) => voucherFound(name, voucher, scene, onPick));
  const none = rows.length ? [] : [make("p", { className: "quiet" }, word(FIND.nothing))];
  return make("section", {}, names, ...none, ...rows);
}

/**
 * @param {string} member
 * @param {FoundVoucher} voucher
 * @param {Scene} scene
 * @param {(voucher: FoundVoucher) => void} onPick
 */
function voucherFound(member, voucher, scene, onPick) {
  const { perk, reference } = voucher;
  const said = make("p", {}, make("strong", {}, perk.name), make("br"), factsOf(voucher, scene));
  const isUsed = voucher.state === "redeemed";
  const button = make("button", { className: "button", type: "button" }, word(isUsed ? FIND.show : FIND.redeem));
  button.setAttribute("aria-label", `${button.textContent}: ${perk.name}, ${member}, ${reference}`);
  button.addEventListener("click", () => onPick(voucher));
  return make("div", { className: "found-voucher" }, said, button);
}

/**
 * @param {FoundVoucher} voucher
 * @param {Scene} scene
 * @returns {string} its reference, what is left of it, and until when
 */
export function factsOf({ reference, uses_left: left, valid_from: from, valid_until: until, state, redeemed }, scene) {
  if (state === "redeemed" && redeemed) {
    return [reference, word(FIND.redeemed, when(redeemed.at, scene), redeemed.station)].join(" · ");
  }
  const uses = left > 1 ? [word(FIND.left, left)] : [];
  const window = state === "not_yet_valid" ? word(FIND.from, when(from, scene))
    : word(state === "expired" ? FIND.ended : FIND.until, when(until, scene));
  return [reference, ...uses, window].join(" · ");
}

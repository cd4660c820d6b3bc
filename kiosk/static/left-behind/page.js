/** The page of a browser that is not paired: what waits here is sent first, and pairing comes then. */

import { element, say } from "../elements.js";
import { Loop } from "../offline/loop.js";
import { Store, devicesKept } from "../offline/store.js";
import { holdIfFree } from "../offline/tabs.js";
import { KEPT } from "../words/kept.js";
import { word } from "../words/language.js";
import { LEFT_BEHIND } from "../words/left-behind.js";
import { keepSaying } from "../words/speaking.js";
import { LeftBehind } from "./left-behind.js";

const root = element("left-behind", HTMLElement);
const title = element("left-behind-title", HTMLElement);
const text = element("left-behind-text", HTMLElement);
const more = element("left-behind-more", HTMLElement);
const button = element("left-behind-send", HTMLButtonElement);
const pairing = element("pairing", HTMLElement);
let isSending = false;

const behind = new LeftBehind({
  devices: devicesKept, hold: holdIfFree, openDisk: (id) => Store.open(id), fetch: (...how) => fetch(...how),
}, draw);
const loop = new Loop(() => behind.send());

function draw() {
  const { count, isAny, isRefused, isStuck } = behind;
  const next = isRefused ? LEFT_BEHIND.refused : isStuck ? LEFT_BEHIND.not_taken : LEFT_BEHIND.goes_on;
  root.hidden = !isAny;
  root.dataset.waiting = String(count);
  const said = count > 0 ? word(LEFT_BEHIND.waiting, count) : word(LEFT_BEHIND.sent);
  // Read out when it changes, and not each time it is drawn.
  if (text.textContent !== said) text.textContent = said;
  say(more, count > 0 ? word(next) : "");
  button.hidden = count === 0;
  button.textContent = word(isSending ? KEPT.sending : KEPT.again);
  pairing.hidden = count > 0 && !isStuck;
  say(title, pairing.hidden ? word(LEFT_BEHIND.title) : "");
}

async function again() {
  if (isSending) return;
  isSending = true;
  draw();
  await behind.again().catch(() => {});
  isSending = false;
  draw();
}

async function start() {
  if (!navigator.locks) return;
  await behind.open();
  if (!behind.isAny) return;
  button.addEventListener("click", again);
  addEventListener("online", () => loop.now());
  keepSaying(root, draw);
  loop.now();
}

start();

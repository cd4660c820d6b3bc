/** Wires the pickup desk's page together. */

import { keepAwake } from "../awake.js";
import { paint } from "../connection.js";
import { element, say } from "../elements.js";
import { scanned, typed } from "../entry.js";
import { install } from "../install.js";
import { Reader } from "../reader.js";
import { Sound } from "../sound.js";
import { Viewfinder } from "../viewfinder.js";
import { word } from "../words/language.js";
import { GROUPS, LIST, NETWORK } from "../words/pickup.js";
import { keepSaying, speakHere } from "../words/speaking.js";
import { begins } from "./choice.js";
import { Field } from "./field.js";
import { Front } from "./front.js";
import { isCode, Sightings } from "./given.js";
import { List } from "./list.js";
import { askStatus, Listings } from "./listings.js";
import { NamedDeeds } from "./named-deeds.js";
import { Network } from "./network.js";
import { OrderScreen, said } from "./order.js";
import { problem } from "./problem.js";

/** @import {Order} from "./choice.js" */
/** @import {Entry} from "../entry.js" */
/** @import {Told} from "./listings.js" */

const EVERY_MS = 5000;

const { body } = document;
speakHere();
paint(body.dataset.primary, body.dataset.accent);

const field = new Field({ onTyped: () => look(), onSubmit: () => submit() });
const news = element("news", HTMLElement);
const showAll = element("show-all", HTMLButtonElement);
const sound = new Sound();
const reader = new Reader();
const viewfinder = new Viewfinder(reader, element("hint", HTMLElement));
const device = body.dataset.deviceId ?? "";
const listings = new Listings(device);
const sightings = new Sightings();
const network = new Network({
  last: () => told ?? (group === "ready" ? listings.last : null),
  onBack: () => deeds.askAgain().then(drawWaiting),
  needsSignIn: () => false,
  timeZone: body.dataset.zone || undefined,
});

let group = "ready";
let text = "";
/** @type {Told | null} what the server said last of this group */
let told = null;
/** @type {Order[] | null} what a member's code leads to, while it is shown */
let found = null;
let asked = 0;

const deeds = new NamedDeeds((deed, outcome) => {
  const about = JSON.parse(deed.body);
  const what = outcome.kind === "answer" ? said(deed.order, deed.kind, about.lines ?? [], about.shelf)
    : outcome.kind === "problem" ? problem(outcome) : "";
  say(news, word(NETWORK.settled, deed.order.number, what));
  news.dataset.tone = outcome.kind === "answer" ? "good" : "bad";
  sound.play(outcome.kind === "answer" ? "good" : "bad");
  if (screen.isOpen && screen.order?.id === deed.order.id) screen.hear(outcome, what);
  renew();
}, { device, holder: () => front.id, askWho: (why) => front.ask(why) }, problem);
const screen = new OrderScreen({
  deeds,
  operator: () => front.id,
  onTold: (tone) => sound.play(tone),
  onChanged: (order) => {
    found = found?.map((each) => (each.id === order.id ? order : each)) ?? null;
    renew();
  },
  onClosed: () => {
    drawWaiting();
    const isThere = screen.order && list.focus(screen.order.id);
    if (!isThere) element("list-title", HTMLElement).focus();
  },
});
const list = new List({ onOpen: (order) => screen.open(order), onGroup: choose });

const front = new Front({
  isLost: () => network.state === "lost",
  isBusy: () => screen.isOpen,
  waiting: () => deeds.waiting.length,
  onChange: () => {
    // Whoever has just signed in wants to know at once what becomes of what waits.
    if (front?.id && network.state === "connected") deeds.askAgain().then(drawWaiting);
  },
});

/** @param {string} chosen */
function choose(chosen) {
  [group, found, told] = [chosen, null, null];
  say(news, "");
  draw();
  renew();
}

async function renew() {
  const number = (asked += 1);
  const listing = await listings.list(group, text);
  // What was asked for since is what counts.
  if (number !== asked) return;
  network.heard(listing);
  if (listing.kind === "list") told = listing.told;
  draw();
}

function draw() {
  // Without the server the last list is still good for looking: it says of when it is.
  const shown = told ?? (group === "ready" && network.state === "lost" ? listings.last : null);
  showAll.hidden = found === null && text === "";
  if (found) {
    const title = word(LIST.ofVoucher, found.length);
    return list.draw(found, { title, group: null, none: "", total: found.length });
  }
  const some = (shown?.orders ?? []).filter((order) => !text || begins(order, text));
  const none = text ? word(LIST.noneOf, text) : shown ? word(LIST.none) : "";
  const words = GROUPS[group];
  const total = text ? some.length : shown?.total ?? 0;
  list.draw(some, { title: `${words ? word(words) : ""} (${total})`, group, none, total });
}

function drawWaiting() {
  const { length } = deeds.waiting;
  const words = deeds.needsSignIn() ? NETWORK.waitsForSignIn : NETWORK.waiting;
  element("waiting", HTMLElement).hidden = length === 0 || screen.isBusy;
  say(element("waiting-text", HTMLElement), length ? word(words, length) : "");
}

/** @param {Entry} entry */
async function find(entry) {
  say(news, "");
  field.complain("");
  const listing = await listings.find(entry, front.id);
  network.heard(listing);
  if (listing.kind === "silence") return field.complain(word(NETWORK.needed));
  if (listing.kind === "problem") {
    sound.play("bad");
    return field.complain(problem(listing));
  }
  const { orders } = listing.told;
  const first = orders.filter(({ state: how }) => how === "ready" || how === "partly_collected");
  const only = first.length === 1 ? first[0] : orders.length === 1 ? orders[0] : null;
  found = orders.length > 1 ? orders : null;
  draw();
  if (only) screen.open(only);
  else element("list-title", HTMLElement).focus();
}

async function submit() {
  const given = field.text;
  if (given && isCode(given)) {
    const reading = typed(given);
    field.clear();
    text = "";
    if ("complaint" in reading) return field.complain(reading.complaint);
    return find(reading.entry);
  }
  await look();
  // They went on meanwhile.
  if (field.text !== given || document.querySelector("dialog[open]")) return;
  const only = told?.orders.filter((order) => given && begins(order, given)) ?? [];
  if (only.length === 1 && only[0]) screen.open(only[0]);
}

function look() {
  [text, found] = [isCode(field.text) ? "" : field.text, null];
  field.complain("");
  draw();
  return renew();
}

/** @param {string} code */
function shown(code) {
  const entry = scanned(code);
  const isNew = sightings.isNew(entry.voucher ?? code);
  if (isNew && !front.holds && !document.querySelector("dialog[open]")) find(entry);
}

async function round() {
  if (!document.hidden) {
    const askedAt = performance.now();
    const { status, isUnpaired } = await askStatus();
    await front.look(status, askedAt);
    if (isUnpaired) network.become("unpaired");
    else await renew();
    if (network.state === "connected") await deeds.askAgain();
    drawWaiting();
  }
  setTimeout(round, EVERY_MS);
}

showAll.addEventListener("click", () => {
  field.clear();
  look();
  field.focus();
});
element("waiting-ask", HTMLButtonElement).addEventListener("click", () => deeds.askAgain().then(drawWaiting));
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => sound.wake());
addEventListener("online", () => renew());

keepAwake();
install();
front.changed();
keepSaying(element("list-title", HTMLElement), () => {
  network.become(network.state);
  draw();
  drawWaiting();
});
round();
viewfinder.start();
viewfinder.camera.watch(async (frame) => {
  const code = await reader.readFrame(frame);
  if (code) shown(code);
});

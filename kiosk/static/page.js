/** Wires the kiosk's page together. */

import { Camera, CameraRefused } from "./camera.js";
import { Connection, paint } from "./connection.js";
import { Desk } from "./desk.js";
import { element, say } from "./elements.js";
import { EntryField } from "./entry-field.js";
import { scanned } from "./entry.js";
import { Outcomes } from "./outcomes.js";
import { Reader } from "./reader.js";
import { Repeats } from "./repeats.js";
import { Scans } from "./scans.js";
import { Screen } from "./screen.js";
import { Sound } from "./sound.js";
import { offer } from "./steps.js";
import { repeated } from "./verdict.js";
import { keepAwake } from "./awake.js";

/** @import {Step} from "./steps.js" */

const { body } = document;
const checkOnly = element("check-only", HTMLInputElement);
const hint = element("hint", HTMLElement);
const startButton = element("camera-start", HTMLButtonElement);
const torchButton = element("torch", HTMLButtonElement);
const turnButton = element("turn", HTMLButtonElement);
const soundButton = element("sound", HTMLButtonElement);
const picture = element("picture", HTMLInputElement);

/** Of the station: a device that was set up elsewhere shows the same times as the card does. */
const zone = body.dataset.zone;
const HINT = hint.textContent ?? "";
const MODE = "keepsake.mode";
const NO_READER = "The code reader did not load. Reload the page; typed codes still work.";

const sound = new Sound();
const connection = new Connection();
const reader = new Reader();
const camera = new Camera(element("video", HTMLVideoElement));
const screen = new Screen({
  onDismiss: () => desk.dismissed(),
  onStep: (step) => STEPS[step](),
  isBusy: () => field.isTyping,
});
const field = new EntryField({
  onEntry: (entry) => desk.given(entry),
  onStrayKey: () => {
    outcomes.question.cancel();
    screen.dismiss({ forced: true });
  },
});
const outcomes = new Outcomes({
  timeZone: zone,
  onUndo: (sighting, attemptId, reason) => desk.undo(sighting, attemptId, reason),
});

/** @type {Record<Step, () => void>} */
const STEPS = {
  again: () => desk.again(),
  confirm: () => desk.confirm(),
  no_phone: () => desk.confirm(),
  one_more: () => desk.oneMore(),
  undo: () => desk.current?.outcome && outcomes.askUndo(desk.current, desk.current.outcome),
};

const desk = new Desk({
  scans: new Scans(),
  repeats: new Repeats(),
  mode: () => (checkOnly.checked ? "check" : "redeem"),
  onOutcome: (sighting, outcome) => {
    outcomes.note(sighting, outcome);
    if (outcome.kind === "answer") connection.become("connected");
    else connection.check();
  },
  stage: {
    isBusy: () => field.isTyping,
    holds: () => screen.holds || outcomes.question.isOpen,
    wait: () => screen.wait(),
    stillWaiting: (sentence) => screen.stillWaiting(sentence),
    show: (sighting, outcome, isRepeated) => {
      const first = outcomes.described(sighting, outcome);
      const shown = isRepeated ? repeated(first) : first;
      screen.show(shown, offer(sighting, outcome));
      sound.play(shown.tone);
    },
  },
});

/** @param {string} [deviceId] */
async function startCamera(deviceId) {
  delete body.dataset.ready;
  startButton.hidden = true;
  try {
    await camera.open(deviceId);
    body.dataset.camera = "running";
    markReady();
  } catch (error) {
    const sentence = error instanceof CameraRefused ? error.message : "The camera did not start.";
    cameraIsOff(sentence, "refused");
  }
  torchButton.hidden = !camera.hasTorch;
  turnButton.hidden = (await camera.next().catch(() => null)) === null;
}

/**
 * @param {string} sentence
 * @param {"refused" | "lost"} state
 */
function cameraIsOff(sentence, state) {
  delete body.dataset.ready;
  body.dataset.camera = state;
  const rest = "Typed codes and pictures still work.";
  element("camera-reason", HTMLElement).textContent = `${sentence} ${rest}`;
  startButton.hidden = false;
}

function markReady() {
  const isReady = body.dataset.reader === "ready" && body.dataset.camera === "running";
  if (isReady) body.dataset.ready = "true";
}

async function startReader() {
  try {
    await reader.ready;
    body.dataset.reader = "ready";
    markReady();
  } catch {
    body.dataset.reader = "failed";
    say(hint, NO_READER);
  }
}

async function openPicture() {
  const file = picture.files?.[0];
  picture.value = "";
  if (!file) return;
  say(hint, "Reading the picture…");
  try {
    const text = await reader.readPicture(file);
    say(hint, text ? HINT : "No QR code was found in that picture. Try a sharper or closer one.");
    if (text) await desk.given(scanned(text));
  } catch (error) {
    const isPicture = !(error instanceof DOMException);
    say(hint, isPicture ? NO_READER : "This file cannot be opened as a picture. Try a screenshot.");
  }
}

function toggleSound() {
  sound.on = !sound.on;
  soundButton.setAttribute("aria-pressed", String(sound.on));
  soundButton.textContent = sound.on ? "Sound on" : "Sound off";
}

async function toggleTorch() {
  await camera.toggleTorch().catch(() => {});
  torchButton.setAttribute("aria-pressed", String(camera.lit));
}

function comeBack() {
  // Phones take the camera away from a page that nobody sees. One that was refused is not asked
  // for again and again.
  const isGone = body.dataset.camera === "lost" || camera.track?.readyState === "ended";
  if (!document.hidden && isGone) startCamera();
}

paint(body.dataset.primary, body.dataset.accent);
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => sound.wake());
checkOnly.addEventListener("change", () => {
  body.dataset.mode = checkOnly.checked ? "check" : "redeem";
  sessionStorage.setItem(MODE, body.dataset.mode);
});
// Who only checks goes on to, also after a reload: what is redeemed by mistake is gone.
checkOnly.checked = sessionStorage.getItem(MODE) === "check";
body.dataset.mode = checkOnly.checked ? "check" : "redeem";
startButton.addEventListener("click", () => startCamera());
torchButton.addEventListener("click", toggleTorch);
turnButton.addEventListener("click", async () => startCamera((await camera.next()) ?? undefined));
soundButton.addEventListener("click", toggleSound);
picture.addEventListener("change", openPicture);
document.addEventListener("visibilitychange", comeBack);
camera.onlost = () => cameraIsOff("The camera was taken away.", "lost");

keepAwake();
connection.check();
startReader();
startCamera();
camera.watch(async (frame) => {
  const text = await reader.readFrame(frame);
  // Not awaited: while one code waits for its answer, the next one is already looked for.
  if (text) desk.seen(scanned(text));
});

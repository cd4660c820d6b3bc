/** Wires the kiosk's page together. */

import { Connection, paint } from "./connection.js";
import { Desk } from "./desk.js";
import { element, say } from "./elements.js";
import { EntryField } from "./entry-field.js";
import { scanned } from "./entry.js";
import { Drill } from "./drill/drill.js";
import { Figures } from "./figures/figures.js";
import { Goods } from "./goods/goods.js";
import { Hold } from "./hold/hold.js";
import { Outcomes } from "./outcomes.js";
import { Reader } from "./reader.js";
import { Repeats } from "./repeats.js";
import { Front } from "./operators/front.js";
import { NamedScans } from "./operators/named-scans.js";
import { Screen } from "./screen.js";
import { Sound } from "./sound.js";
import { offer } from "./steps.js";
import { repeated } from "./verdict.js";
import { keepAwake } from "./awake.js";
import { Viewfinder } from "./viewfinder.js";
import { install } from "./install.js";
import { DESK } from "./words/desk.js";
import { word } from "./words/language.js";
import { PICTURES } from "./words/pictures.js";
import { SOUND } from "./words/sound.js";
import { keepSaying, speakHere } from "./words/speaking.js";
import { forgetConflicts } from "./supervisor/listed.js";
import { Supervisor } from "./supervisor/supervisor.js";
import { Panel } from "./offline/panel.js";
import { Standby } from "./offline/standby.js";

/** @import {Step} from "./steps.js" */
/** @import {Said} from "./words/language.js" */

// Before anything is said.
speakHere();

const { body } = document;
const checkOnly = element("check-only", HTMLInputElement);
const hint = element("hint", HTMLElement);
const soundButton = element("sound", HTMLButtonElement);
const picture = element("picture", HTMLInputElement);

/** Of the station: a device that was set up elsewhere shows the same times as the card does. */
const zone = body.dataset.zone;
const MODE = "keepsake.mode";

const sound = new Sound();
const connection = new Connection(() => {
  panel.draw();
  supervisor.changed();
  operators.changed();
});
const operators = new Front({
  connection,
  standby: () => standby,
  isBusy: () => screen.isOpen || outcomes.question.isOpen || field.isTyping,
  onChange: () => setMode(),
});
const reader = new Reader();
const viewfinder = new Viewfinder(reader, hint);
const screen = new Screen({
  onDismiss: () => desk.dismissed(),
  onStep: (step) => STEPS[step](),
  isBusy: () => field.isTyping,
});
const field = new EntryField({
  onEntry: (entry) => desk.given(entry),
  onStrayKey: () => {
    if (hold.insists() || drill.isOpen) return;
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
  one_more: () => desk.more(goods.count),
  handed_over: () => desk.end("confirm"),
  not_handed_over: () => desk.end("release"),
  undo: () => desk.current?.outcome && outcomes.askUndo(desk.current, desk.current.outcome),
  supervise: () => desk.current?.outcome && supervisor.decide(desk.current, desk.current.outcome),
};

const standby = new Standby({
  deviceId: body.dataset.deviceId ?? "",
  device: body.dataset.device ?? "",
  connection,
  operators,
  undo: (attemptId, reason, operator) => scans.undoAs(operator, attemptId, reason),
  onChange: () => {
    panel.draw();
    forgetConflicts(standby);
    const { terms } = standby.alone?.synced ?? {};
    if (terms) goods.pictures.know(terms.perks);
    figures.round(connection.state === "connected");
  },
});
const panel = new Panel(standby, zone);
const scans = new NamedScans(operators, undefined, standby);
const supervisor = new Supervisor({ connection, scans, desk: () => desk, scene: () => outcomes.scene });

const desk = new Desk({
  scans,
  repeats: new Repeats(),
  mode: () => (checkOnly.checked ? "check" : "redeem"),
  onOutcome: (sighting, outcome) => {
    outcomes.note(sighting, outcome);
    supervisor.note(sighting, outcome);
    hold.note(sighting, outcome);
    const isHeard = outcome.kind === "answer" && !outcome.answer.own;
    if (isHeard && connection.state === "connected") panel.draw();
    else if (isHeard) standby.cameBack();
    else standby.hurry();
  },
  stage: {
    isBusy: () => field.isTyping,
    holds: () => screen.holds || outcomes.question.isOpen || supervisor.isAsked || operators.holds,
    wait: () => {
      hold.stop();
      goods.clear();
      screen.wait();
    },
    stillWaiting: (sentence) => screen.stillWaiting(sentence),
    show: (sighting, outcome, isRepeated) => {
      const first = supervisor.told(outcomes.described(sighting, outcome), outcome);
      const shown = isRepeated ? repeated(first) : first;
      const offered = offer(sighting, outcome, performance.now());
      screen.show(shown, supervisor.offer(sighting, outcome, offered));
      hold.show(sighting, outcome);
      goods.show(outcome, shown);
      sound.play(shown.tone);
    },
  },
});

const hold = new Hold(desk, screen);
const goods = new Goods();
const figures = new Figures(body.dataset.deviceId ?? "", zone);

const drill = new Drill({ standby, figures, sound: () => ({ isOn: sound.on }), timeZone: zone }, sound);

/** @param {Said<[]>} said */
function tell(said) {
  keepSaying(hint, () => say(hint, word(said)));
}

async function openPicture() {
  const file = picture.files?.[0];
  picture.value = "";
  if (!file) return;
  tell(PICTURES.reading);
  try {
    const text = await reader.readPicture(file);
    tell(text ? DESK.hint : PICTURES.no_code);
    if (text) await desk.given(scanned(text));
  } catch (error) {
    const isPicture = !(error instanceof DOMException);
    tell(isPicture ? PICTURES.no_reader : PICTURES.no_picture);
  }
}

/** Who only checks goes on to, also after a reload: what is redeemed by mistake is gone. */
function setMode() {
  checkOnly.checked = operators.mayCheckAlone || sessionStorage.getItem(MODE) === "check";
  body.dataset.mode = checkOnly.checked ? "check" : "redeem";
}

function toggleSound() {
  sound.on = !sound.on;
  soundButton.setAttribute("aria-pressed", String(sound.on));
  keepSaying(soundButton, () => say(soundButton, word(sound.on ? SOUND.on : SOUND.off)));
}

paint(body.dataset.primary, body.dataset.accent);
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => sound.wake());
checkOnly.addEventListener("change", () => {
  sessionStorage.setItem(MODE, checkOnly.checked ? "check" : "redeem");
  setMode();
});
operators.changed();
soundButton.addEventListener("click", toggleSound);
picture.addEventListener("change", openPicture);

keepAwake();
standby.start();
hold.resume();
install();
viewfinder.start();
viewfinder.camera.watch(async (frame) => {
  const text = await reader.readFrame(frame);
  if (text && drill.takes(text)) return;
  // Not awaited: while one code waits for its answer, the next one is already looked for.
  if (text) desk.seen(scanned(text));
});

/**
 * What staff hear and feel: each tone differs by its rhythm, not by its pitch alone, and by how
 * long the phone shakes. A browser lets a page make sounds only once somebody has touched it.
 */

/** @import {Tone} from "./looks.js" */

/** @typedef {{hertz: number, at: number, lasts: number}} Note seconds */

/** @type {Note[]} */
const YES = [
  { hertz: 660, at: 0, lasts: 0.12 },
  { hertz: 990, at: 0.12, lasts: 0.22 },
];

/** @type {Note[]} */
const LOOK = [
  { hertz: 520, at: 0, lasts: 0.14 },
  { hertz: 520, at: 0.24, lasts: 0.14 },
];

/** @type {Note[]} */
const NO = [
  { hertz: 196, at: 0, lasts: 0.18 },
  { hertz: 185, at: 0.24, lasts: 0.18 },
  { hertz: 165, at: 0.48, lasts: 0.4 },
];

/** @type {Record<Tone, {notes: Note[], shape: OscillatorType, shake: number[]}>} */
const SIGNALS = {
  good: { notes: YES, shape: "sine", shake: [120] },
  later: { notes: YES, shape: "triangle", shake: [60, 60, 120] },
  checked: { notes: YES.slice(0, 1), shape: "sine", shake: [60] },
  warn: { notes: LOOK, shape: "triangle", shake: [90, 90, 90] },
  unsure: { notes: LOOK, shape: "triangle", shake: [90, 90, 90] },
  bad: { notes: NO, shape: "square", shake: [300, 120, 300] },
};

const LOUDNESS = 0.25;

export class Sound {
  constructor() {
    this.on = true;
    /** @type {AudioContext | null} */
    this.context = null;
  }

  /** Called on every touch and key: the first one is what the browser waits for. */
  wake() {
    if (typeof AudioContext === "undefined") return;
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") this.context.resume().catch(() => {});
  }

  /** @param {Tone} tone */
  play(tone) {
    const signal = SIGNALS[tone];
    // Browsers that cannot shake have no such function; a phone that lies still refuses quietly.
    if ("vibrate" in navigator) navigator.vibrate(signal.shake);
    if (!this.on || this.context?.state !== "running") return;
    for (const note of signal.notes) sing(this.context, note, signal.shape);
  }
}

/**
 * @param {AudioContext} context
 * @param {Note} note
 * @param {OscillatorType} shape
 */
function sing(context, note, shape) {
  const start = context.currentTime + note.at;
  const end = start + note.lasts;
  const voice = context.createOscillator();
  const volume = context.createGain();
  voice.type = shape;
  voice.frequency.value = note.hertz;
  // Faded at both ends: a tone cut off sharply clicks.
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01);
  volume.gain.linearRampToValueAtTime(0, end);
  voice.connect(volume).connect(context.destination);
  voice.start(start);
  voice.stop(end);
}

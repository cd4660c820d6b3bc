/** The words of the templates: `data-word="desk.go"` is `TEMPLATES.desk.go`. */

import { CONNECTION } from "./connection.js";
import { DESK } from "./desk.js";
import { PAIR, UNPAIRED } from "./letters.js";
import { LENS } from "./lens.js";
import { PAGE } from "./pickup.js";
import { SCREEN } from "./screen.js";
import { FIRST, HOLDER, SIGN_IN } from "./sign-in.js";
import { SOUND } from "./sound.js";
import { UNDO } from "./undo.js";

/** @import {Said} from "./language.js" */

/** @type {Record<string, Record<string, Said<any>>>} */
export const TEMPLATES = {
  chooser: {
    label: { en: "Language", de: "Sprache", es: "Idioma" },
  },
  connection: CONNECTION,
  desk: DESK,
  holder: { ...HOLDER, who: FIRST.title },
  lens: LENS,
  pair: PAIR,
  pickup: PAGE,
  screen: SCREEN,
  sign_in: SIGN_IN,
  sound: SOUND,
  undo: UNDO,
  unpaired: UNPAIRED,
};

/** The way from the scanner to the pickup desk, in the language of staff. */

import { speakAsChosen, word } from "../words/language.js";
import { PAGE } from "../words/pickup.js";

speakAsChosen();
const way = document.getElementById("pickup");
if (way) way.textContent = word(PAGE.title);

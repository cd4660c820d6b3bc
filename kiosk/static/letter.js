/** The pages beside the desk work without any script: this gives them their languages. */

import { speakHere } from "./words/speaking.js";

speakHere();

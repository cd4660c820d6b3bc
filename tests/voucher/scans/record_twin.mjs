// Judges the cases on standard input with the kiosk's own rules, for the Python half to compare.
import { readFileSync } from "node:fs";

import { judge, judgeRecord } from "../../../kiosk/static/rules/record.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
const verdicts = cases.map(({ payload, view, asked }) =>
  payload === undefined ? judgeRecord(view, asked, asked.shown_live) : judge(payload, view, asked));
process.stdout.write(JSON.stringify(verdicts));

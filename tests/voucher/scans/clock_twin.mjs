// Plays the devices on standard input: what each would upload, and by which moment it judged.
import { readFileSync } from "node:fs";

import { learnt, noted, read, settled } from "../../../kiosk/static/rules/clock.js";

const devices = JSON.parse(readFileSync(0, "utf8"));
const told = devices.map(({ sync, scans, back }) => {
  let clock = learnt(sync);
  return scans.map((deviceNow) => {
    const { moment, judged } = read(clock, deviceNow);
    clock = noted(clock, moment);
    return { moment, judged, settled: settled(judged, back.serverTime) };
  });
});
process.stdout.write(JSON.stringify(told));

// Says of the cases on standard input when it is open, by the kiosk's own rules.
import { readFileSync } from "node:fs";

import { HoursUnreadable, read } from "../../../kiosk/static/rules/hours-lines.js";
import { isOpen, nextOpening } from "../../../kiosk/static/rules/hours.js";

const { cases, lines } = JSON.parse(readFileSync(0, "utf8"));
const told = cases.map(({ hours, closed, zone, at }) => ({
  is_open: isOpen(hours, closed, zone, at),
  next: nextOpening(hours, closed, zone, at),
}));
process.stdout.write(JSON.stringify({ told, readable: lines.map(isReadable) }));

function isReadable(line) {
  try {
    read([line]);
  } catch (error) {
    if (error instanceof HoursUnreadable) return false;
    throw error;
  }
  return true;
}

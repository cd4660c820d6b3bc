// Decides the cases on standard input as a kiosk without a network does.
import { readFileSync } from "node:fs";

import { verifyAsync } from "@noble/ed25519";

import { decide, see } from "../../../kiosk/static/rules/offline.js";

const verifySignature = (signature, message, key) =>
  verifyAsync(signature, message, key, { zip215: false });

const { jwks, cases } = JSON.parse(readFileSync(0, "utf8"));
const decisions = [];
for (const { shown, wanted, known, moment } of cases) {
  const vouchers = new Map(Object.entries(known.state.vouchers));
  const state = { ...known.state, ...jwks, vouchers };
  const seen = await see(shown, state, verifySignature);
  decisions.push(decide(seen, wanted, { ...known, state }, moment));
}
process.stdout.write(JSON.stringify(decisions));

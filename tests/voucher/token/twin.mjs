// Judges the cases on standard input with the kiosk's own rules, for the Python half to compare.
import { readFileSync } from "node:fs";

import { verifyAsync } from "@noble/ed25519";

import { keySetFrom } from "../../../kiosk/static/rules/keyset.js";
import { verify } from "../../../kiosk/static/rules/token.js";

const verifySignature = (signature, message, key) =>
  verifyAsync(signature, message, key, { zip215: false });

const { jwks, cases } = JSON.parse(readFileSync(0, "utf8"));
const keys = keySetFrom(jwks);
const answers = [];
for (const { text, now, offline = false, window = null } of cases) {
  const { verdict, payload } = await verify(text, keys, now, verifySignature, { offline, window });
  answers.push({ verdict, fields: payload });
}
process.stdout.write(JSON.stringify(answers));

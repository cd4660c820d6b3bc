/** Finds third-party code where the server serves it from, for kiosk files that run in Node. */

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const found = createRequire(import.meta.url).resolve("@noble/ed25519");

export function resolve(specifier, context, next) {
  if (specifier !== "/kiosk/vendor/ed25519/index.js") return next(specifier, context);
  return { url: pathToFileURL(found).href, shortCircuit: true };
}

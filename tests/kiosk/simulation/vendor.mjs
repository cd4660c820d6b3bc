/** Finds in Node what the server serves from elsewhere: here the library that checks signatures. */

export function resolve(specifier, context, next) {
  if (specifier !== "/kiosk/vendor/ed25519/index.js") return next(specifier, context);
  return { url: new URL("ed25519.mjs", import.meta.url).href, shortCircuit: true };
}

/** Keeps the screen on while the page is seen, where the browser knows how. */
export function keepAwake() {
  if (!("wakeLock" in navigator)) return;
  const ask = () => {
    // Refused on a low battery: then the device sleeps as it would anyway.
    if (!document.hidden) navigator.wakeLock.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

/** Keeps the kiosk's files on the device, so that the page is there without a network. */

const LOOK_EVERY_MS = 60 * 60 * 1000;

/** A newer kiosk is fetched in the background and takes over when the page is loaded next. */
export async function install() {
  if (!("serviceWorker" in navigator)) return;
  try {
    const kept = await navigator.serviceWorker.register("/kiosk/worker.js", { scope: "/kiosk" });
    setInterval(() => kept.update().catch(() => {}), LOOK_EVERY_MS);
    await navigator.serviceWorker.ready;
    document.body.dataset.installed = "true";
  } catch {
    // A private window: then the page needs the network to load, and works the same else.
  }
}

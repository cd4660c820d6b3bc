// @ts-check
/**
 * Keeps a leaderboard current: asks for its page every three seconds and swaps the standing alone.
 * It rests while the tab is hidden, and leaves alone what somebody selects or has unfolded.
 */

const EVERY_MS = 3000;
const PATIENCE_MS = 10000;
const AWAY = "No connection: these numbers stand still. Trying again.";

const told = /** @type {HTMLElement} */ (document.getElementById("standing-live"));
let asking = false;

/** @param {string} sentence */
function tell(sentence) {
  if (told.textContent === sentence) return;
  told.textContent = sentence;
  told.hidden = !sentence;
}

/** @param {HTMLElement} part @returns {boolean} */
function isInUse(part) {
  const selection = getSelection();
  const selected = !!selection && !selection.isCollapsed && selection.containsNode(part, true);
  return selected || part.contains(document.activeElement) || !!part.querySelector("details[open]");
}

/** @param {string} html */
function show(html) {
  const after = new DOMParser().parseFromString(html, "text/html").getElementById("standing");
  const before = document.getElementById("standing");
  if (after && before && !isInUse(before)) before.replaceWith(after);
}

async function refresh() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch(location.href, {
      cache: "no-store",
      headers: { Accept: "text/html" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    show(await answer.text());
    tell("");
  } catch {
    tell(AWAY);
  }
  asking = false;
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);

// @ts-check
/**
 * Keeps the overview current: asks for its panels every few seconds and swaps those that changed.
 * It rests while the tab is hidden, while people say so, and leaves alone what they select or fill in.
 */

const EVERY_MS = 3000;
const PATIENCE_MS = 10000;

const panels = /** @type {HTMLElement} */ (document.getElementById("panels"));
const pause = /** @type {HTMLButtonElement} */ (document.getElementById("pause"));
const state = /** @type {HTMLElement} */ (document.getElementById("live-state"));

/** What the server sent last for each part, by its id. @type {Map<string, string>} */
const sent = new Map();
let timer = 0;
let asking = false;
let ended = false;

const PARTS = "#as-of, .panel";
const REACHABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/** @param {ParentNode} root @returns {HTMLElement[]} */
const partsOf = (root) => [...root.querySelectorAll(PARTS)].filter((part) => part instanceof HTMLElement);

/** @param {HTMLElement} part @returns {boolean} */
function isBeingSelected(part) {
  const selection = getSelection();
  return !!selection && !selection.isCollapsed && selection.containsNode(part, true);
}

/** Whether somebody fills in a form of this part, or reads why one was refused.
 * @param {Element} part @returns {boolean} */
function isBeingFilledIn(part) {
  return [...part.querySelectorAll("input, textarea, .complaint")].some(
    (one) =>
      one === document.activeElement ||
      one.classList.contains("complaint") ||
      ("defaultValue" in one && "value" in one && one.value !== one.defaultValue),
  );
}

/** What was unfolded stays so. @param {HTMLElement} before @param {HTMLElement} after */
function unfold(before, after) {
  for (const unfolded of before.querySelectorAll("details[open][id]")) {
    after.querySelector(`#${CSS.escape(unfolded.id)}`)?.setAttribute("open", "");
  }
}

/** Swaps one part and gives the focus back to the same place in it.
 * @param {HTMLElement} before @param {HTMLElement} after */
function swap(before, after) {
  const reachable = [...before.querySelectorAll(REACHABLE)];
  const focused = document.activeElement ? reachable.indexOf(document.activeElement) : -1;
  const known = new Set([...before.querySelectorAll("[data-key]")].map((row) => row.getAttribute("data-key")));
  for (const row of after.querySelectorAll("[data-key]")) {
    row.classList.toggle("fresh", !known.has(row.getAttribute("data-key")));
  }
  unfold(before, after);
  before.replaceWith(after);
  if (focused >= 0) {
    const found = [...after.querySelectorAll(REACHABLE)][focused];
    if (found instanceof HTMLElement) found.focus({ preventScroll: true });
  }
}

/** @param {string} html */
function show(html) {
  const fragment = new DOMParser().parseFromString(html, "text/html");
  const after = partsOf(fragment);
  const ids = after.map((part) => part.id).join();
  if (ids !== partsOf(panels).map((part) => part.id).join()) {
    if (partsOf(panels).some(isBeingFilledIn)) return;
    panels.replaceChildren(...fragment.body.childNodes);
    return;
  }
  for (const part of after) {
    const before = document.getElementById(part.id);
    const told = part.outerHTML;
    if (!before || sent.get(part.id) === told || isBeingSelected(before) || isBeingFilledIn(before)) continue;
    sent.set(part.id, told);
    swap(before, part);
  }
}

/** A sentence above the panels, or none; said once, not every few seconds.
 * @param {string} sentence @param {string} [address] where its link leads @param {string} [link] */
function tell(sentence, address, link) {
  if (state.dataset.sentence === sentence) return;
  state.dataset.sentence = sentence;
  state.textContent = sentence;
  state.hidden = !sentence;
  if (address && link) {
    const anchor = document.createElement("a");
    anchor.href = address;
    anchor.textContent = link;
    state.append(" ", anchor);
  }
}

async function ask() {
  const answer = await fetch(panels.dataset.refresh ?? "", {
    headers: { Accept: "text/html" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.status === 401 || answer.status === 403) {
    ended = true;
    pause.hidden = true;
    tell("You are signed out, so these numbers stand still.", panels.dataset.signIn, "Sign in");
    return;
  }
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  const html = await answer.text();
  if (isResting()) return;
  show(html);
  tell("");
}

const isPaused = () => pause.getAttribute("aria-pressed") === "true";
const isResting = () => ended || document.hidden || isPaused();

async function refresh() {
  clearTimeout(timer);
  if (asking || isResting()) return;
  asking = true;
  try {
    await ask();
  } catch {
    tell("No connection to the server: these numbers stand still. Trying again.");
  }
  asking = false;
  timer = window.setTimeout(refresh, EVERY_MS);
}

pause.hidden = false;
pause.addEventListener("click", () => {
  pause.setAttribute("aria-pressed", String(!isPaused()));
  refresh();
});
document.addEventListener("visibilitychange", refresh);
timer = window.setTimeout(refresh, EVERY_MS);

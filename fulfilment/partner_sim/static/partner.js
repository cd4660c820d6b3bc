// The partner's page renews itself: it asks for the list and puts in what has changed.

const EVERY_MS = 2000;

const list = /** @type {HTMLElement} */ (document.getElementById("deliveries"));
const renewal = /** @type {HTMLElement} */ (document.getElementById("renewal"));

let shown = "";

/** Says it once, so that a screen reader is not told the same every two seconds.
 * @param {string} sentence */
function say(sentence) {
  if (renewal.textContent !== sentence) renewal.textContent = sentence;
}

/** Shows each moment in the reader's own zone.
 * @param {ParentNode} part */
function localise(part) {
  for (const time of part.querySelectorAll("time")) {
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
  }
}

/** Brings the list up to a new text of it. What has not changed is not touched, so that neither
 * the focus nor an opened message is lost.
 * @param {string} text */
function show(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").body;
  localise(fresh);
  const cards = [...fresh.children];
  const ids = new Set(cards.map((card) => card.id));
  for (const old of [...list.children]) if (!ids.has(old.id)) old.remove();
  let place = list.firstElementChild;
  for (const card of cards) {
    if (place?.id === card.id) {
      const next = place.nextElementSibling;
      if (place.textContent !== card.textContent) replace(place, card);
      place = next;
    } else {
      card.classList.add("fresh");
      list.insertBefore(card, place);
    }
  }
  shown = text;
}

/** @param {Element} old
 * @param {Element} fresh */
function replace(old, fresh) {
  if (old.querySelector("details[open]")) fresh.querySelector("details")?.setAttribute("open", "");
  old.replaceWith(fresh);
}

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch(String(list.dataset.source));
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    if (text !== shown) show(text);
    say("New orders appear by themselves.");
  } catch {
    say("The server does not answer just now; this page keeps asking.");
  }
}

async function keepRenewing() {
  await renew();
  setTimeout(keepRenewing, EVERY_MS);
}

localise(list);
document.addEventListener("visibilitychange", renew);
keepRenewing();

// The page around the conversations: shows one at a time, keeps the others as they are, and says
// where something new has come. Each conversation is a page of its own, in a frame.

export {};

const NEWS_EVERY = 700;
const AWAY_TOO_LONG = 8 * 60_000;

/** @typedef {{start: string, received: Record<string, number>}} News */

const start = document.body.dataset.start;
const room = /** @type {HTMLElement} */ (document.querySelector(".frames"));
const lost = /** @type {HTMLElement} */ (document.querySelector(".lost"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));
const title = document.title;
/** @type {Map<string, HTMLAnchorElement>} */
const places = new Map();
/** @type {Map<string, HTMLIFrameElement>} */
const opened = new Map();
/** @type {Record<string, number>} */
let received = {};
/** @type {Record<string, number> | null} */
let seen = null;
let current = "";
let leftAt = 0;

for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
  document.querySelectorAll("[data-place]")
)) {
  const slug = link.dataset.place ?? "";
  places.set(slug, link);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(slug);
  });
}

/** @param {string} slug */
function show(slug) {
  const link = places.get(slug);
  if (!link) return;
  if (current) void look(current);
  current = slug;
  history.replaceState(null, "", `#${encodeURIComponent(slug)}`);
  if (!opened.has(slug)) opened.set(slug, open(link));
  for (const [other, frame] of opened) frame.classList.toggle("shown", other === slug);
  for (const [other, tab] of places) {
    if (other === slug) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
  markSeen();
}

/** @param {HTMLAnchorElement} link @returns {HTMLIFrameElement} */
function open(link) {
  const frame = document.createElement("iframe");
  frame.title = link.dataset.label ?? "";
  frame.src = link.href;
  frame.allow = "clipboard-write";
  room.append(frame);
  return frame;
}

function markSeen() {
  if (seen && !document.hidden) seen[current] = received[current] ?? 0;
  drawBadges();
}

function drawBadges() {
  let all = 0;
  for (const [slug, link] of places) {
    const fresh = Math.max(0, (received[slug] ?? 0) - (seen?.[slug] ?? 0));
    const badge = /** @type {HTMLElement} */ (link.querySelector(".badge"));
    badge.hidden = fresh === 0;
    badge.textContent = String(fresh);
    badge.title = `${fresh} new`;
    link.classList.toggle("unread", fresh > 0);
    all += fresh;
  }
  document.title = all ? `(${all}) ${title}` : title;
}

/** @param {Record<string, number>} now */
function announce(now) {
  const fresh = [...places].filter(([slug]) => (now[slug] ?? 0) > (received[slug] ?? 0));
  const elsewhere = fresh.filter(([slug]) => slug !== current);
  if (!elsewhere.length) return;
  said.textContent = `New in ${elsewhere.map(([, link]) => link.dataset.label).join(", ")}`;
}

/** @param {News} news @param {string} leaving */
function take(news, leaving) {
  if (news.start !== start) location.reload();
  if (seen) announce(news.received);
  received = news.received;
  if (seen && leaving) seen[leaving] = received[leaving] ?? 0;
  // What lay there before the page came is old, except what the bot wrote to the person alone.
  seen ??= { ...received, dm: 0 };
  markSeen();
}

/** @param {string} [leaving] the place that is being left: all it holds now has been seen */
async function look(leaving = "") {
  try {
    const answer = await fetch("/stage/news", { cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    take(/** @type {News} */ (await answer.json()), leaving);
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
}

async function listen() {
  await look();
  setTimeout(listen, NEWS_EVERY);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    leftAt = Date.now();
    return;
  }
  // A conversation that nobody reads for long is given up at the other end.
  if (leftAt && Date.now() - leftAt > AWAY_TOO_LONG) location.reload();
  markSeen();
});
window.addEventListener("hashchange", () => show(decodeURIComponent(location.hash.slice(1))));

const wanted = decodeURIComponent(location.hash.slice(1));
show(places.has(wanted) ? wanted : [...places.keys()].find((slug) => slug !== "dm") ?? "dm");
listen();

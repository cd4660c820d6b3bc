// Added to the preview's own page: stays at the newest message, keeps a message that is sent while
// the page is still busy with something else, and lets a picture be posted.

export {};

const timeline = /** @type {HTMLElement} */ (document.getElementById("channel-timeline"));
const list = /** @type {HTMLElement} */ (document.getElementById("channel-message-list"));
const composer = /** @type {HTMLElement} */ (document.querySelector(".composer-row"));

const NEAR = 80;
const GESTURE = 600;
let atNewest = true;
let touched = 0;

// Only a person who scrolls leaves the newest message; what the page scrolls by itself does not.
for (const gesture of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  timeline.addEventListener(gesture, () => { touched = Date.now(); }, { passive: true });
}
timeline.addEventListener("scroll", () => {
  if (Date.now() - touched > GESTURE) return;
  touched = Date.now();
  atNewest = timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < NEAR;
}, { passive: true });
const follow = new ResizeObserver(() => {
  if (atNewest) timeline.scrollTop = timeline.scrollHeight;
});
follow.observe(list);
follow.observe(timeline);

const form = /** @type {HTMLFormElement} */ (document.getElementById("channel-composer"));
const send = /** @type {HTMLButtonElement} */ (document.getElementById("send-message"));
const SEND_WITHIN = 4000;

/** @param {number} until */
function sendWhenReady(until) {
  if (!send.disabled) form.requestSubmit();
  else if (Date.now() < until) setTimeout(sendWhenReady, 40, until);
}

// The preview drops what is sent while it waits for the answer to anything before.
document.addEventListener("submit", (event) => {
  if (event.target !== form || !send.disabled) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  sendWhenReady(Date.now() + SEND_WITHIN);
}, { capture: true });

const file = document.createElement("input");
file.type = "file";
file.accept = "image/*";
file.hidden = true;

const button = document.createElement("button");
button.type = "button";
button.className = "post-picture";
button.textContent = "+";
button.title = "Post a picture";
button.setAttribute("aria-label", "Post a picture");
button.addEventListener("click", () => file.click());

file.addEventListener("change", async () => {
  const picture = file.files?.[0];
  if (!picture) return;
  button.disabled = true;
  const headers = { "X-Simcord-Capability": location.hash.slice(1) };
  const name = encodeURIComponent(picture.name);
  try {
    await fetch(`/stage/picture?name=${name}`, { method: "POST", headers, body: picture });
  } finally {
    button.disabled = false;
    file.value = "";
  }
});
composer.prepend(button, file);

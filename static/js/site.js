// What the pages gain when a script runs. Without it everything still works, with one more page load.

const leaveForm = document.querySelector("[data-leave]");
let presses = [];

function leave() {
  const away = leaveForm.dataset.leave;
  document.body.hidden = true;
  document.title = "";
  // keepalive: the session ends even though this page is gone before the answer comes.
  fetch(leaveForm.action, { method: "POST", body: new FormData(leaveForm), keepalive: true, redirect: "manual" })
    .catch(() => {}).finally(() => location.replace(away));
  setTimeout(() => location.replace(away), 400);
}

if (leaveForm) {
  leaveForm.addEventListener("submit", (event) => { event.preventDefault(); leave(); });
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift") { presses = []; return; }
    if (event.repeat) return;
    presses = [...presses.filter((at) => event.timeStamp - at < 1500), event.timeStamp];
    if (presses.length === 3) leave();
  });
}

// The browser's own copy of a signed-in page must not come back with the Back button.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

function ready(root) {
  for (const field of root.querySelectorAll("[data-zone]")) {
    field.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  }
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

function takeFocus(root) {
  const target = root.querySelector("[data-errors]") || root.querySelector("[data-focus]");
  if (!target) return;
  target.focus({ preventScroll: true });
  const { top, bottom } = target.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) target.scrollIntoView({ block: "start" });
}

// A page that answers a form would be sent again by Back or a reload; its entry becomes the page the form stands on.
if (document.body.dataset.page) {
  const { page } = document.body.dataset;
  history.replaceState(null, "", page === location.pathname ? location.href : page);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  navigator.clipboard.writeText(field.value).then(() => { button.textContent = button.dataset.copied; }, () => {});
});

ready(document);
if (!location.hash) takeFocus(document);

document.addEventListener("htmx:after:settle", (event) => {
  const root = event.target instanceof Element && event.target.isConnected ? event.target : document;
  ready(document);
  takeFocus(root);
});

// Within a blink the button says that it was heard; a second tap meanwhile does nothing, and the button keeps its focus.
const busy = (element, on) => on ? element?.setAttribute("aria-busy", "true") : element?.removeAttribute("aria-busy");
document.addEventListener("htmx:before:request", (event) => { reached(); busy(event.detail.ctx?.sourceElement, true); });
document.addEventListener("htmx:finally:request", (event) => busy(event.detail.ctx?.sourceElement, false));

// What does not get through, or breaks, leaves the form as it is, and says so beside the button. A page that looks by itself looks again.
const AWAY = [502, 503, 504]; // what stands in front of us answers these; no page of ours does
const BROKEN = 500; // a whole page of words, which fits no part of a page
let unreachedNote;

function reached() {
  unreachedNote?.remove();
  unreachedNote = null;
}

function unreached(element, submitter, words = "#unreached") {
  const form = element?.closest?.("form");
  if (!form?.isConnected) return;
  reached();
  const button = submitter ?? form.querySelector("button:not([hidden])") ?? form;
  unreachedNote = document.querySelector(words).content.firstElementChild.cloneNode(true);
  (button.closest(".actions") ?? button).after(unreachedNote);
  unreachedNote.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx && ctx.text === undefined) unreached(ctx.sourceElement, ctx.sourceEvent?.submitter);
});
document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const { status } = ctx.response;
  if (status !== BROKEN && !AWAY.includes(status)) return;
  event.preventDefault();
  unreached(ctx.sourceElement, ctx.sourceEvent?.submitter, status === BROKEN ? "#fault" : "#unreached");
});

// The page of a proxy in place of ours would take long words with it: whether we are there is asked before they are sent.
const LONGEST = 10000;
const longWords = (form) => [...form.elements].some(({ localName, value }) => localName === "textarea" && value.trim());

async function askThenSend(form, submitter) {
  form.dataset.sent = "1";
  busy(submitter, true);
  const late = new AbortController();
  setTimeout(() => late.abort(), LONGEST);
  const there = await fetch("/healthz", { cache: "no-store", signal: late.signal }).then(({ ok }) => ok, () => false);
  delete form.dataset.sent;
  busy(submitter, false);
  if (!there) { unreached(form, submitter); return; }
  form.dataset.heard = "1";
  form.requestSubmit(submitter);
  delete form.dataset.heard;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (!navigator.onLine) {
    event.preventDefault();
    unreached(form, event.submitter);
    return;
  }
  if (form.dataset.sent) { event.preventDefault(); return; }
  // A browser that cannot send a form by itself sends it at once, as ever.
  if (form.requestSubmit && !form.dataset.heard && longWords(form)) { event.preventDefault(); askThenSend(form, event.submitter); return; }
  const done = () => { delete form.dataset.sent; busy(event.submitter, false); };
  form.dataset.sent = "1";
  busy(event.submitter, true);
  addEventListener("pagehide", done, { once: true });
  setTimeout(done, LONGEST);
});

// Two minutes before a page that lies still would sign its reader out, the status line offers to stay. Nothing is kept here.
const WARNING = 120;
const stayWords = document.querySelector("#stay");
let warning;

function countFromNow() {
  if (!stayWords) return;
  clearTimeout(warning);
  const until = Date.now() + stayWords.dataset.idleSeconds * 1000;
  warning = setTimeout(() => {
    // A phone that slept wakes too late for this.
    if (Date.now() < until) document.querySelector("#status").replaceChildren(stayWords.content.cloneNode(true));
  }, (stayWords.dataset.idleSeconds - WARNING) * 1000);
}

async function stay({ dataset, parentElement }) {
  const body = new URLSearchParams({ csrf_token: parentElement.querySelector("[name=csrf_token]").value });
  const answer = await fetch(dataset.action, { method: "POST", body, redirect: "manual" });
  if (answer.status !== 204) return;
  document.querySelector("#status").textContent = stayWords.dataset.stays;
  countFromNow();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#status [data-action]");
  if (button) stay(button).catch(() => {});
});
document.addEventListener("htmx:finally:request", countFromNow);
countFromNow();

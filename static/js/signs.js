// Asking for signs on this device, on a tap and never before. The form stays hidden where the browser cannot do it.

const form = document.querySelector("form[data-signs]");
const able = form && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function same(held, key) {
  const before = new Uint8Array(held || 0);
  return before.length === key.length && before.every((sign, place) => sign === key[place]);
}

async function subscribe() {
  const worker = await navigator.serviceWorker.register(form.dataset.signs, { scope: "/" });
  await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) };
  const before = await worker.pushManager.getSubscription();
  // Bound for life to the key it was asked with: where the site has another one now, this device asks anew.
  if (before && !same(before.options.applicationServerKey, options.applicationServerKey)) await before.unsubscribe();
  return worker.pushManager.subscribe(options);
}

async function keep(subscription) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value };
  const answer = await fetch(form.action, { method: "POST", headers, body: JSON.stringify(subscription) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.said || form.dataset.failed);
  return told.to;
}

async function run() {
  const status = form.querySelector("[role=status]");
  status.textContent = "";
  if ((await Notification.requestPermission()) !== "granted") {
    status.textContent = form.dataset.refused;
    return;
  }
  try {
    location.assign(await keep(await subscribe()));
  } catch {
    status.textContent = form.dataset.failed;
  }
}

if (able) {
  form.hidden = false;
  document.querySelector("[data-no-signs]").hidden = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
}

// The second step by passkey. Forms with data-passkey stay hidden where no script runs or the browser cannot do it.

const forms = document.querySelectorAll("form[data-passkey]");
const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON;

async function post(form, url, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value };
  const answer = await fetch(url, { method: "POST", headers, body });
  if (!answer.ok) throw new Error("not taken");
  return answer.json();
}

async function run(form) {
  const status = form.querySelector("[role=status]");
  status.textContent = "";
  try {
    const options = await post(form, form.dataset.options, "");
    const credential = form.dataset.passkey === "new"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    const done = await post(form, form.action, JSON.stringify(credential.toJSON()));
    location.assign(done.to);
  } catch {
    status.textContent = form.dataset.failed;
  }
}

for (const form of able ? forms : []) {
  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); run(form); });
}

/* Passkeys: joins a form's button to django-allauth's script, and shows a sentence when no passkey was used.
   Without this file, or in a browser without passkeys, the page says so, and every other way stays open. */

const ways = window.allauth?.webauthn?.forms;
const able = Boolean(ways && window.PublicKeyCredential);

const show = (parts, visible) => document.querySelectorAll(parts).forEach((part) => { part.hidden = !visible; });

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!able) return;
  const button = form.querySelector("[data-passkey-button]");
  const ids = {
    credential: form.querySelector("[name=credential]").id,
    passwordless: form.querySelector("[name=passwordless]")?.id,
    data: "passkey-data",
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); button.click(); });
  button.addEventListener("click", () => show("[data-passkey-failed]", false));
  const start = { add: ways.addForm, login: ways.loginForm, use: ways.authenticateForm }[form.dataset.passkey];
  start({ ids: { ...ids, add: button.id, login: button.id, authenticate: button.id } });
});

show("[data-passkey-able]", able);
show("[data-passkey-unable]", !able);

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  show("[data-passkey-failed]", true);
});

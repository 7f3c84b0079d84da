import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import * as api from "../api/generated/client.js";
import { Problem, sentence } from "../api/problem.js";
import { request } from "../api/request.js";
import { signIn } from "../api/session.js";
import { address, go } from "../frame/router.js";
import { Button } from "../parts/button.js";
import { Field } from "../parts/fields.js";
import { t } from "../words/words.js";
import { CodeField } from "./code-field.js";
import { pendingEmail, pendingPassword } from "./pending.js";

export function ConfirmForm() {
  const knowsEmail = useSignal(Boolean(pendingEmail.value));
  const code = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    problem.value = "";
    busy.value = true;
    try {
      await api.confirm(request, { body: { email: pendingEmail.value, code: code.value.trim() } });
      await enter();
    } catch (failure) {
      problem.value = failure instanceof Problem && failure.status === 400 ? t("confirm.wrong") : sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  return html`<h1 tabindex="-1">${t("confirm.title")}</h1>
    <p class="lead">${knowsEmail.value ? t("confirm.lead", { email: pendingEmail.value }) : t("confirm.leadUnknown")}</p>
    <form onSubmit=${submit}>
      ${knowsEmail.value
        ? null
        : html`<${Field} id="email" label=${t("field.email")} type="email" autocomplete="username" required value=${pendingEmail.value}
            onValue=${(/** @type {string} */ value) => (pendingEmail.value = value.trim())} />`}
      <${CodeField} value=${code.value} problem=${problem.value} again=${sendAgain} onValue=${(/** @type {string} */ value) => (code.value = value)} />
      <${Button} kind="primary" class="wide large" type="submit" busy=${busy.value}>${t("confirm.do")}</${Button}>
    </form>
    <p class="below"><a href=${address("/sign-in")}>${t("confirm.back")}</a></p>`;
}

async function sendAgain() {
  await api.resend(request, { body: { email: pendingEmail.value } }).catch(() => {});
}

async function enter() {
  const password = pendingPassword.value;
  pendingPassword.value = "";
  if (!password) return go("/sign-in");
  go("/", { replace: true });
  await signIn(pendingEmail.value, password);
}

// A forgotten password: asking for a code, and setting another by it.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import * as api from "../api/generated/client.js";
import { Problem, sentence } from "../api/problem.js";
import { request } from "../api/request.js";
import { signIn } from "../api/session.js";
import { address, go } from "../frame/router.js";
import { Button } from "../parts/button.js";
import { Field, PasswordField, ProblemText } from "../parts/fields.js";
import { t } from "../words/words.js";
import { CodeField } from "./code-field.js";
import { PasswordRules, keepsRules } from "./password-rules.js";
import { pendingEmail } from "./pending.js";

export function ForgotForm() {
  const problem = useSignal("");
  const busy = useSignal(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    problem.value = "";
    busy.value = true;
    try {
      await askForCode();
      go("/reset");
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  return html`<h1 tabindex="-1">${t("forgot.title")}</h1>
    <p class="lead">${t("forgot.lead")}</p>
    <form onSubmit=${submit}>
      <${Field} id="email" label=${t("field.email")} type="email" autocomplete="username" required autocapitalize="none" spellcheck=${false}
        value=${pendingEmail.value} onValue=${(/** @type {string} */ value) => (pendingEmail.value = value.trim())} />
      <${ProblemText} id="forgot-problem" text=${problem.value} />
      <${Button} kind="primary" class="wide large" type="submit" busy=${busy.value}>${t("forgot.do")}</${Button}>
    </form>
    <p class="below"><a href=${address("/sign-in")}>${t("confirm.back")}</a></p>`;
}

export function ResetForm() {
  const code = useSignal("");
  const password = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    if (!keepsRules(password.value)) return void (problem.value = t("signUp.weak"));
    problem.value = "";
    busy.value = true;
    try {
      await api.reset(request, { body: { email: pendingEmail.value, code: code.value.trim(), newPassword: password.value } });
      go("/", { replace: true });
      await signIn(pendingEmail.value, password.value);
    } catch (failure) {
      problem.value = failure instanceof Problem && failure.status === 400 ? t("confirm.wrong") : sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  return html`<h1 tabindex="-1">${t("reset.title")}</h1>
    <p class="lead">${t("reset.lead", { email: pendingEmail.value })}</p>
    <form onSubmit=${submit}>
      <${CodeField} value=${code.value} problem="" again=${askForCode} onValue=${(/** @type {string} */ value) => (code.value = value)} />
      <${PasswordField} id="password" label=${t("reset.password")} autocomplete="new-password" required value=${password.value}
        onValue=${(/** @type {string} */ value) => (password.value = value)} />
      <${PasswordRules} id="rules" password=${password.value} />
      <${ProblemText} id="reset-problem" text=${problem.value} />
      <${Button} kind="primary" class="wide large" type="submit" busy=${busy.value}>${t("reset.do")}</${Button}>
    </form>
    <p class="below"><a href=${address("/sign-in")}>${t("confirm.back")}</a></p>`;
}

async function askForCode() {
  await api.forgot(request, { body: { email: pendingEmail.value } });
}

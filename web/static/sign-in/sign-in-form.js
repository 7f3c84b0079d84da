import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { Problem, sentence } from "../api/problem.js";
import { hasExpired, isErased, signIn } from "../api/session.js";
import { address, go } from "../frame/router.js";
import { Button } from "../parts/button.js";
import { Field, PasswordField, ProblemText } from "../parts/fields.js";
import { t } from "../words/words.js";
import { pendingEmail } from "./pending.js";

export function SignInForm() {
  const email = useSignal(pendingEmail.value);
  const password = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    problem.value = "";
    busy.value = true;
    try {
      await signIn(email.value.trim(), password.value);
    } catch (failure) {
      pendingEmail.value = email.value.trim();
      if (failure instanceof Problem && failure.status === 403) return go("/confirm");
      problem.value = failure instanceof Problem && failure.status === 401 ? t("signIn.wrong") : sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  const forgotten = html`<a href=${address("/forgot")}>${t("signIn.forgotten")}</a>`;
  return html`<h1 tabindex="-1">${t("signIn.title")}</h1>
    <p class="lead">${t("signIn.lead")}</p>
    ${hasExpired.value ? html`<p class="notice" role="status">${t("signIn.expired")}</p>` : null}
    ${isErased.value ? html`<p class="notice" role="status">${t("signIn.erased")}</p>` : null}
    <form onSubmit=${submit}>
      <${Field} id="email" label=${t("field.email")} type="email" autocomplete="username" required autocapitalize="none" spellcheck=${false}
        value=${email.value} onValue=${(/** @type {string} */ value) => (email.value = value)} />
      <${PasswordField} id="password" label=${t("field.password")} autocomplete="current-password" required aside=${forgotten}
        value=${password.value} onValue=${(/** @type {string} */ value) => (password.value = value)} />
      <${ProblemText} id="sign-in-problem" text=${problem.value} />
      <${Button} kind="primary" class="wide large" type="submit" busy=${busy.value}>${t("signIn.do")}</${Button}>
    </form>
    <p class="below">${t("signIn.new")} <a href=${address("/sign-up")}>${t("signIn.create")}</a></p>`;
}

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import * as api from "../api/generated/client.js";
import { Problem, sentence } from "../api/problem.js";
import { request } from "../api/request.js";
import { address, go } from "../frame/router.js";
import { Button } from "../parts/button.js";
import { Field, PasswordField, ProblemText, Segments } from "../parts/fields.js";
import { language, t } from "../words/words.js";
import { PasswordRules, keepsRules } from "./password-rules.js";
import { pendingEmail, pendingPassword } from "./pending.js";

export function SignUpForm() {
  const name = useSignal("");
  const email = useSignal(pendingEmail.value);
  const password = useSignal("");
  const role = useSignal(/** @type {Wire.Role} */ ("student"));
  const problem = useSignal("");
  const busy = useSignal(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    if (!keepsRules(password.value)) return void (problem.value = t("signUp.weak"));
    problem.value = "";
    busy.value = true;
    const body = { email: email.value.trim(), password: password.value, name: name.value.trim(), role: role.value, language: language.value };
    try {
      await api.register(request, { body });
      pendingEmail.value = body.email;
      pendingPassword.value = body.password;
      go("/confirm");
    } catch (failure) {
      problem.value = failure instanceof Problem && failure.status === 409 ? t("signUp.known") : sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  const roles = [
    { value: "student", label: t("role.student") },
    { value: "tutor", label: t("role.tutor") },
  ];
  return html`<h1 tabindex="-1">${t("signUp.title")}</h1>
    <p class="lead">${t("signUp.lead")}</p>
    <form onSubmit=${submit}>
      <${Field} id="name" label=${t("field.name")} autocomplete="name" required maxlength="100" value=${name.value}
        onValue=${(/** @type {string} */ value) => (name.value = value)} />
      <${Field} id="email" label=${t("field.email")} type="email" autocomplete="username" required autocapitalize="none" spellcheck=${false}
        value=${email.value} onValue=${(/** @type {string} */ value) => (email.value = value)} />
      <${PasswordField} id="password" label=${t("field.password")} autocomplete="new-password" required value=${password.value}
        onValue=${(/** @type {string} */ value) => (password.value = value)} />
      <${PasswordRules} id="rules" password=${password.value} />
      <div class="field"><span class="field-label">${t("signUp.role")}</span>
        <div><${Segments} name="role" label=${t("signUp.role")} value=${role.value} options=${roles} onValue=${(/** @type {Wire.Role} */ value) => (role.value = value)} /></div></div>
      <${ProblemText} id="sign-up-problem" text=${problem.value} />
      <${Button} kind="primary" class="wide large" type="submit" busy=${busy.value}>${t("signUp.do")}</${Button}>
    </form>
    <p class="below">${t("signUp.have")} <a href=${address("/sign-in")}>${t("signIn.do")}</a></p>`;
}

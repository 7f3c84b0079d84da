// Where one is signed in, and ending it there; another password.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem, sentence } from "../api/problem.js";
import { toast } from "../frame/toasts.js";
import { Button } from "../parts/button.js";
import { PasswordField, ProblemText } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { PasswordRules, keepsRules } from "../sign-in/password-rules.js";
import { ago } from "../words/times.js";
import { t } from "../words/words.js";
import { Section } from "./section.js";

/** @typedef {{ id: string, device: string, createdAt: string, lastUsedAt: string, current: boolean }} SignIn */

export function SignIns() {
  const items = useSignal(/** @type {SignIn[] | null} */ (null));
  const problem = useSignal("");
  const busy = useSignal("");
  const load = () => api.listSignIns(call).then((page) => (items.value = page.signIns), (failure) => (problem.value = sentence(failure)));
  const end = async (/** @type {string} */ name, /** @type {() => Promise<unknown>} */ step) => {
    busy.value = name;
    problem.value = "";
    await step().catch((failure) => (problem.value = sentence(failure)));
    await load();
    busy.value = "";
  };
  useEffect(() => void load(), []);
  const others = items.value?.filter((one) => !one.current) ?? [];
  return html`<${Section} title=${t("settings.signIns")}>
    <ul class="rows sign-ins">${items.value?.map(
      (one) => html`<li key=${one.id}><${Icon} name=${/mobile|iphone|android/i.test(one.device) ? "smartphone" : "laptop"} />
        <div><strong dir="auto">${one.device || t("settings.unknownDevice")}</strong><span class="secondary">${one.current ? t("settings.thisDevice") : t("settings.lastUsed", { when: ago(one.lastUsedAt) })}</span></div>
        ${one.current ? null : html`<${Button} class="small" busy=${busy.value === one.id} onClick=${() => end(one.id, () => api.endSignIn(call, { path: { signInId: one.id } }))}>${t("settings.endSignIn")}<span class="hidden-text"> · ${one.device}</span></${Button}>`}</li>`,
    )}</ul>
    ${others.length ? html`<div><${Button} busy=${busy.value === "others"} onClick=${() => end("others", () => api.endOtherSignIns(call))}>${t("settings.endOthers")}</${Button}></div>` : null}
    <${ProblemText} id="sign-ins-problem" text=${problem.value} />
  </${Section}>`;
}

export function Password() {
  const isOpen = useSignal(false);
  const before = useSignal("");
  const after = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    if (!keepsRules(after.value)) return void (problem.value = t("signUp.weak"));
    busy.value = true;
    problem.value = "";
    try {
      await api.changePassword(call, { body: { oldPassword: before.value, newPassword: after.value } });
      isOpen.value = false;
      before.value = after.value = "";
      toast(t("settings.saved"));
    } catch (failure) {
      problem.value = failure instanceof Problem && failure.status === 403 ? t("settings.wrongPassword") : sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  const change = html`<div><${Button} onClick=${() => (isOpen.value = true)}>${t("settings.changePassword")}</${Button}></div>`;
  return html`<${Section} title=${t("field.password")}>${isOpen.value
      ? html`<form class="password-form" onSubmit=${save}>
          <${PasswordField} id="old-password" label=${t("settings.oldPassword")} autocomplete="current-password" required value=${before.value} onValue=${(/** @type {string} */ value) => (before.value = value)} />
          <${PasswordField} id="new-password" label=${t("reset.password")} autocomplete="new-password" required value=${after.value} onValue=${(/** @type {string} */ value) => (after.value = value)} />
          <${PasswordRules} id="rules" password=${after.value} />
          <${ProblemText} id="password-problem" text=${problem.value} />
          <div class="dialog-actions"><${Button} kind="quiet" onClick=${() => (isOpen.value = false)}>${t("frame.cancel")}</${Button}><${Button} kind="primary" type="submit" busy=${busy.value}>${t("settings.save")}</${Button}></div></form>`
      : change}</${Section}>`;
}

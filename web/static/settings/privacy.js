// What is kept and shown, and taking all of it along or leaving for good.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { call, freshId } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem, sentence } from "../api/problem.js";
import { account, forgetSignIn } from "../api/session.js";
import { finished } from "../live/jobs.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { PasswordField, ProblemText, Switch } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { SharingChoices, changeAccount } from "../tutors/sharing.js";
import { t } from "../words/words.js";
import { Section } from "./section.js";

const LONGEST_MS = 600_000;

export function Privacy() {
  const isErasing = useSignal(false);
  const isStudent = account.value?.role === "student";
  return html`<${Section} title=${t("privacy.title")}>
    ${isStudent
      ? html`<${Switch} label=${t("privacy.keep")} hint=${t("privacy.keepHint")} checked=${account.value?.keepRecordings !== false} onValue=${(/** @type {boolean} */ keepRecordings) => changeAccount({ keepRecordings })} /><${SharingChoices} />`
      : null}
    <${Export} />
    <div><${Button} kind="danger" icon="trash-2" onClick=${() => (isErasing.value = true)}>${t("privacy.erase")}</${Button}></div>
    ${isErasing.value ? html`<${Erase} onClose=${() => (isErasing.value = false)} />` : null}
  </${Section}>`;
}

function Export() {
  const link = useSignal("");
  const busy = useSignal(false);
  const problem = useSignal("");
  const take = async () => {
    busy.value = true;
    problem.value = "";
    try {
      const { jobId } = await api.exportAccount(call, { key: freshId() });
      const { archiveUrl } = await finished(jobId, undefined, LONGEST_MS);
      link.value = archiveUrl;
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  return html`<div class="privacy-export">${link.value
      ? html`<a class="button plain" href=${link.value} download rel="noopener noreferrer"><${Icon} name="download" />${t("privacy.download")}</a>`
      : html`<${Button} icon="download" busy=${busy.value} onClick=${take}>${t("privacy.export")}</${Button}>`}
    <p class="hint" role="status">${busy.value ? t("privacy.gathering") : t("privacy.exportHint")}</p><${ProblemText} id="export-problem" text=${problem.value} /></div>`;
}

/** @param {{ onClose: () => void }} given */
function Erase({ onClose }) {
  const password = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value || !password.value) return;
    busy.value = true;
    problem.value = "";
    try {
      await api.eraseAccount(call, { body: { password: password.value } });
      forgetSignIn();
    } catch (failure) {
      problem.value = failure instanceof Problem && failure.status === 403 ? t("settings.wrongPassword") : sentence(failure);
      busy.value = false;
    }
  };
  return html`<${Dialog} title=${t("privacy.eraseTitle")} onClose=${onClose}><form onSubmit=${submit}><p>${t("privacy.eraseText")}</p>
    <${PasswordField} id="erase-password" label=${t("field.password")} autocomplete="current-password" required value=${password.value} problem=${problem.value} onValue=${(/** @type {string} */ value) => (password.value = value)} />
    <div class="dialog-actions"><${Button} autofocus onClick=${onClose}>${t("frame.cancel")}</${Button}><${Button} kind="danger sure" type="submit" busy=${busy.value} disabled=${!password.value}>${t("privacy.eraseDo")}</${Button}></div></form></${Dialog}>`;
}

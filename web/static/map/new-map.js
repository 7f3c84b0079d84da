// Making a map: of one's own talk here, or of an export of one's talk elsewhere.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { call, freshId } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem, sentence } from "../api/problem.js";
import { sendForm } from "../api/send-form.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { Field, ProblemText } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { t } from "../words/words.js";

const MOST_BYTES = 512 * 1024 * 1024;

/** @param {{ onClose: () => void, onAsked: () => Promise<unknown> }} given */
export function NewMap({ onClose, onAsked }) {
  const source = useSignal("me");
  const file = useSignal(/** @type {File | null} */ (null));
  const name = useSignal("");
  const sent = useSignal(0);
  const busy = useSignal(false);
  const problem = useSignal("");
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    if (source.value === "upload" && !file.value) return void (problem.value = t("map.needsFile"));
    if ((file.value?.size ?? 0) > MOST_BYTES) return void (problem.value = t("map.fileTooLarge"));
    busy.value = true;
    problem.value = "";
    try {
      await (source.value === "me" ? fromOwnTalk(name.value.trim()) : fromFile(/** @type {File} */ (file.value), name.value.trim(), (share) => (sent.value = share)));
      onClose();
      await onAsked();
    } catch (failure) {
      problem.value = failure instanceof Problem && failure.code === "PAYLOAD_TOO_LARGE" ? t("map.fileTooLarge") : sentence(failure);
      busy.value = false;
    }
  };
  const choice = (/** @type {string} */ value, /** @type {string} */ icon) => html`<label class="scene"><input type="radio" name="map-source" value=${value} checked=${source.value === value} onChange=${() => (source.value = value)} />
    <${Icon} name=${icon} /><span><strong>${t(/** @type {any} */ (`map.source.${value}`))}</strong><span class="secondary">${t(/** @type {any} */ (`map.source.${value}Text`))}</span></span></label>`;
  return html`<${Dialog} title=${t("map.new")} onClose=${onClose}><form onSubmit=${submit}>
    <fieldset class="sources"><legend class="hidden-text">${t("map.source")}</legend>${choice("me", "messages-square")}${choice("upload", "upload")}</fieldset>
    ${source.value === "upload" ? html`<label class="button plain file-choice"><${Icon} name="upload" /><span dir="auto">${file.value?.name ?? t("map.chooseFile")}</span><input class="hidden-text" type="file" accept=".json,.zip,application/json,application/zip" onChange=${(/** @type {any} */ event) => (file.value = event.currentTarget.files?.[0] ?? null)} /></label>` : null}
    <${Field} id="new-map-name" label=${t("map.nameOptional")} maxlength="100" autocomplete="off" dir="auto" value=${name.value} onValue=${(/** @type {string} */ value) => (name.value = value)} />
    ${busy.value && source.value === "upload" ? html`<progress max="1" value=${sent.value} aria-label=${t("map.sending")}></progress>` : null}
    <${ProblemText} id="new-map-problem" text=${problem.value} />
    <div class="dialog-actions"><${Button} onClick=${onClose}>${t("frame.cancel")}</${Button}><${Button} kind="primary" type="submit" busy=${busy.value}>${t("map.do")}</${Button}></div></form></${Dialog}>`;
}

/** @param {string} name */
async function fromOwnTalk(name) {
  await api.drawGraph(call, { body: { source: "me", ...(name ? { name } : {}) }, key: freshId() });
}

/** @param {File} file @param {string} name @param {(share: number) => void} onSent */
async function fromFile(file, name, onSent) {
  const form = new FormData();
  if (name) form.append("name", name);
  form.append("file", file);
  await api.drawGraph((_method, path) => sendForm(path, form, onSent), { form });
}

// Being done with a letter, for a reason that is noted.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { Field } from "../parts/fields.js";
import { t } from "../words/words.js";

/** @param {{ id: string, onClose: () => void, changed: () => Promise<unknown> }} given */
export function DiscardDialog({ id, onClose, changed }) {
  const reason = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    busy.value = true;
    try {
      await api.discardDeadLetter(call, { path: { letterId: id }, body: { reason: reason.value.trim() } });
      onClose();
      await changed();
    } catch (failure) {
      problem.value = sentence(failure);
      busy.value = false;
    }
  };
  return html`<${Dialog} title=${t("letters.discardTitle")} onClose=${onClose}><form onSubmit=${submit}><p>${t("letters.discardText")}</p>
    <${Field} id="discard-reason" label=${t("letters.reason")} required maxlength="500" dir="auto" value=${reason.value} problem=${problem.value} onValue=${(/** @type {string} */ value) => (reason.value = value)} />
    <div class="dialog-actions"><${Button} autofocus onClick=${onClose}>${t("frame.cancel")}</${Button}><${Button} kind="danger sure" type="submit" busy=${busy.value} disabled=${!reason.value.trim()}>${t("letters.discardDo")}</${Button}></div></form></${Dialog}>`;
}

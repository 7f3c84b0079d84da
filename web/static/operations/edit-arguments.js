// A job's arguments: people's words stand in them only after they were revealed, and only then can they be written anew.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem, sentence } from "../api/problem.js";
import { toast } from "../frame/toasts.js";
import { Button } from "../parts/button.js";
import { Field, ProblemText } from "../parts/fields.js";
import { t } from "../words/words.js";

/** @param {{ one: import("./letters.js").LetterDetails, isRevealed: boolean, changed: () => Promise<unknown> }} given */
export function EditArguments({ one, isRevealed, changed }) {
  const written = JSON.stringify(one.arguments ?? {}, null, 2);
  const text = useSignal(written);
  const task = useSignal(one.task ?? "");
  const problem = useSignal("");
  const busy = useSignal(false);
  const isUnsettled = one.state === "open" || one.state === "parked";
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    problem.value = "";
    let wanted;
    try {
      wanted = JSON.parse(text.value);
    } catch {
      return void (problem.value = t("letters.noJson"));
    }
    busy.value = true;
    try {
      await api.editDeadLetter(call, { path: { letterId: one.id }, body: { arguments: wanted, ...(one.task ? {} : { task: task.value.trim() }) } });
      toast(t("settings.saved"));
      await changed();
    } catch (failure) {
      const details = failure instanceof Problem ? failure.details.map(({ field, message }) => `${field} ${message ?? ""}`).join("; ") : "";
      problem.value = [sentence(failure), details].filter(Boolean).join(" ");
    } finally {
      busy.value = false;
    }
  };
  if (!isRevealed || !isUnsettled) {
    return html`<pre class="arguments" tabindex="0" aria-label=${t("letters.view.arguments")}>${one.rawBody ?? written}</pre>${isUnsettled ? html`<p class="hint">${t("letters.revealToEdit")}</p>` : null}`;
  }
  return html`<form class="edit-arguments" onSubmit=${save}>${one.rawBody ? html`<pre class="arguments" tabindex="0" aria-label=${t("letters.body")}>${one.rawBody}</pre>` : null}
    ${one.task ? null : html`<${Field} id="letter-task" label=${t("letters.task")} required autocapitalize="none" spellcheck=${false} value=${task.value} onValue=${(/** @type {string} */ value) => (task.value = value)} />`}
    <label class="field-label" for="letter-arguments">${t("letters.view.arguments")}</label><textarea class="input mono" id="letter-arguments" rows="10" spellcheck=${false} dir="ltr" value=${text.value} onInput=${(/** @type {any} */ event) => (text.value = event.currentTarget.value)}></textarea>
    <${ProblemText} id="arguments-problem" text=${problem.value} />
    <div><${Button} type="submit" busy=${busy.value} disabled=${text.value === written && Boolean(one.task)}>${t("letters.saveArguments")}</${Button}></div></form>`;
}

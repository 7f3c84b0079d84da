// What a student's tutors may see, and whether recordings are kept at all.
import { html } from "htm/preact";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { account, accountChanged } from "../api/session.js";
import { toast } from "../frame/toasts.js";
import { Switch } from "../parts/fields.js";
import { t } from "../words/words.js";

/** @param {object} body */
export async function changeAccount(body) {
  try {
    accountChanged(await api.updateAccount(call, { body }));
    toast(t("settings.saved"));
  } catch (failure) {
    toast(sentence(failure), { icon: "circle-alert" });
  }
}

export function Sharing() {
  return html`<section class="tutors" aria-labelledby="sharing"><h2 id="sharing">${t("sharing.title")}</h2><${SharingChoices} /></section>`;
}

export function SharingChoices() {
  const me = account.value;
  return html`<${Switch} label=${t("sharing.results")} hint=${t("sharing.resultsHint")} checked=${Boolean(me?.shareResults)} onValue=${(/** @type {boolean} */ shareResults) => changeAccount(shareResults ? { shareResults } : { shareResults, shareRecordings: false })} />
    <${Switch} label=${t("sharing.recordings")} hint=${t("sharing.recordingsHint")} checked=${Boolean(me?.shareRecordings)} onValue=${(/** @type {boolean} */ shareRecordings) => changeAccount(shareRecordings ? { shareRecordings, shareResults: true } : { shareRecordings })} />`;
}

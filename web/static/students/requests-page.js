// Who asks to be taught, and whether one takes on anybody.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { account, accountChanged } from "../api/session.js";
import { Page as Layout } from "../frame/page.js";
import { toast } from "../frame/toasts.js";
import { Button } from "../parts/button.js";
import { Field, Switch } from "../parts/fields.js";
import { StateCard } from "../parts/state.js";
import { t } from "../words/words.js";
import { RequestCard } from "./request-card.js";
import { followStudents, requests } from "./roster.js";

export function Page() {
  useEffect(followStudents, []);
  const all = requests.value;
  return html`<${Layout} title=${t("nav.requests")}>
    <div class="requests">${all.length ? all.map((one) => html`<${RequestCard} key=${one.requestId} request=${one} />`) : html`<${StateCard} icon="hand" title=${t("students.noRequests")} text=${t("students.noRequestsText")} />`}</div>
    <${Places} />
  </${Layout}>`;
}

function Places() {
  const me = account.value;
  const most = useSignal(String(me?.maxStudents ?? 10));
  const save = async (/** @type {object} */ body) => {
    try {
      accountChanged(await api.updateAccount(call, { body }));
      toast(t("settings.saved"));
    } catch (failure) {
      toast(sentence(failure), { icon: "circle-alert" });
    }
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void save({ maxStudents: Number(most.value) });
  };
  return html`<section class="places" aria-labelledby="places"><h2 id="places">${t("students.placesTitle")}</h2>
    <${Switch} label=${t("students.accepting")} hint=${t("students.acceptingHint")} checked=${me?.isAccepting !== false} onValue=${(/** @type {boolean} */ isAccepting) => save({ isAccepting })} />
    <form class="setting-row" onSubmit=${submit}><${Field} id="most-students" label=${t("students.most")} type="number" min="1" max="1000" required value=${most.value} onValue=${(/** @type {string} */ value) => (most.value = value)} />
      <${Button} type="submit" disabled=${Number(most.value) === me?.maxStudents}>${t("settings.save")}</${Button}></form></section>`;
}

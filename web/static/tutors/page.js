// A student's tutors: one's own, what they may see, and finding another.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { address } from "../frame/router.js";
import { toast } from "../frame/toasts.js";
import { onFrame } from "../live/channel.js";
import { Avatar } from "../parts/avatar.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { StateCard } from "../parts/state.js";
import { dayName } from "../words/times.js";
import { t } from "../words/words.js";
import { FindTutor } from "./find-tutor.js";
import { Sharing } from "./sharing.js";

/** @typedef {{ email: string, name: string, assignedAt: string }} OwnTutor */
/** @typedef {import("../students/roster.js").TutorRequest} TutorRequest */

export function Page() {
  const tutors = useSignal(/** @type {OwnTutor[] | null} */ (null));
  const asked = useSignal(/** @type {TutorRequest[]} */ ([]));
  const problem = useSignal("");
  const load = async () => {
    try {
      const [mine, requests] = await Promise.all([api.listOwnTutors(call), api.listRequests(call, { query: { status: "PENDING", limit: 100 } })]);
      tutors.value = mine.tutors;
      asked.value = requests.requests;
    } catch (failure) {
      problem.value = sentence(failure);
    }
  };
  useEffect(() => {
    void load();
    return onFrame("notification", (push) => push.notificationType === "tutor_match" && void load());
  }, []);
  const known = new Set([...(tutors.value ?? []).map((one) => one.email), ...asked.value.map((one) => one.tutorEmail)]);
  return html`<${Layout} title=${t("nav.tutors")} subtitle=${t("tutors.lead")}>
    ${problem.value && !tutors.value ? html`<${StateCard} icon="wifi-off" kind="warn" title=${problem.value}><${Button} onClick=${load}>${t("frame.retry")}</${Button}></${StateCard}>` : null}
    ${tutors.value?.length || asked.value.length ? html`<${Own} tutors=${tutors.value ?? []} asked=${asked.value} reload=${load} />` : null}
    ${tutors.value?.length ? html`<${Sharing} />` : null}
    <${FindTutor} known=${known} onAsked=${load} />
  </${Layout}>`;
}

/** @param {{ tutors: OwnTutor[], asked: TutorRequest[], reload: () => Promise<void> }} given */
function Own({ tutors, asked, reload }) {
  const leaving = useSignal(/** @type {OwnTutor | null} */ (null));
  return html`<section class="tutors" aria-labelledby="own-tutors"><h2 id="own-tutors">${t("tutors.own")}</h2><ul class="rows">
      ${tutors.map((one) => html`<li key=${one.email} class="tutor-row"><${Avatar} name=${one.name || one.email} id=${one.email} /><div><strong dir="auto">${one.name || one.email}</strong>
        <span class="secondary">${t("tutors.since", { day: dayName(one.assignedAt, true) })}</span></div>
        <a class="button plain small" href=${address(`/feedback?with=${encodeURIComponent(one.email)}`)}>${t("feedback.all")}<span class="hidden-text"> · ${one.name}</span></a>
        <${Button} kind="quiet" class="small" onClick=${() => (leaving.value = one)}>${t("tutors.leave")}<span class="hidden-text"> · ${one.name}</span></${Button}></li>`)}
      ${asked.map((one) => html`<li key=${one.requestId} class="tutor-row"><${Avatar} name=${one.tutorName ?? one.tutorEmail} id=${one.tutorEmail} /><div><strong dir="auto">${one.tutorName ?? one.tutorEmail}</strong>
        <span class="secondary" dir="auto">${one.message}</span></div><span class="chip warn">${t("tutors.asked")}</span></li>`)}
    </ul>${leaving.value ? html`<${Leave} tutor=${leaving.value} onClose=${() => (leaving.value = null)} reload=${reload} />` : null}</section>`;
}

/** @param {{ tutor: OwnTutor, onClose: () => void, reload: () => Promise<void> }} given */
function Leave({ tutor, onClose, reload }) {
  const busy = useSignal(false);
  const sure = async () => {
    busy.value = true;
    try {
      await api.leaveTutor(call, { path: { email: tutor.email } });
      await reload();
    } catch (failure) {
      toast(sentence(failure), { icon: "circle-alert" });
    }
    onClose();
  };
  return html`<${Dialog} title=${t("tutors.leaveTitle", { name: tutor.name || tutor.email })} onClose=${onClose}><div class="stack"><p>${t("tutors.leaveText")}</p>
    <div class="dialog-actions"><${Button} autofocus onClick=${onClose}>${t("frame.cancel")}</${Button}><${Button} kind="danger sure" busy=${busy.value} onClick=${sure}>${t("tutors.leave")}</${Button}></div></div></${Dialog}>`;
}

// A tutor's students: who asks, who does what just now, what was said to whom, and saying something at once.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { account } from "../api/session.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { address } from "../frame/router.js";
import { channel } from "../live/channel.js";
import { Button } from "../parts/button.js";
import { StateCard } from "../parts/state.js";
import { ConnectionBanner } from "../room/connection-banner.js";
import { counted, t } from "../words/words.js";
import { FeedbackComposer } from "./composer.js";
import { RequestCard } from "./request-card.js";
import { doingOf, followStudents, loadStudents, problem, requests, students } from "./roster.js";
import { StudentPanel } from "./student-panel.js";
import { StudentList } from "./student-list.js";

/** @param {{ parts: string[] }} given */
export function Page({ parts: [email] }) {
  useEffect(followStudents, []);
  const anchor = useSignal(/** @type {import("./about.js").AnchorShown | null} */ (null));
  const all = students.value;
  const student = all?.find((one) => one.email === email) ?? all?.[0];
  useEffect(() => void (anchor.value = null), [student?.email]);
  const banner = html`<${ConnectionBanner} socket=${channel} />`;
  if (!all || !student) return html`<${Layout} title=${t("nav.students")} banner=${banner}><${Nobody} isLoading=${!all} /></${Layout}>`;
  return html`<${Layout} title=${t("nav.students")} back=${email ? "/students" : undefined} actions=${html`<${Live} />`} banner=${banner} bodyClass="students-body ${email ? "one" : ""}">
    <div class="students-side"><${Requests} /><${StudentList} all=${all} chosen=${student.email} /></div>
    <div class="student"><${StudentPanel} key=${student.email} student=${student} anchor=${anchor} />
      <${FeedbackComposer} key=${`to-${student.email}`} student=${student} anchor=${anchor} /></div>
  </${Layout}>`;
}

/** @param {{ isLoading: boolean }} given */
function Nobody({ isLoading }) {
  if (problem.value && isLoading) return html`<${StateCard} icon="wifi-off" kind="warn" title=${sentence(problem.value)}><${Button} onClick=${loadStudents}>${t("frame.retry")}</${Button}></${StateCard}>`;
  if (isLoading) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  return html`<div class="nobody"><${Requests} /><${StateCard} icon="users" title=${t("students.none")} text=${t("students.noneText")} /></div>`;
}

/** The first who asks; how many more there are. */
function Requests() {
  const [first, ...more] = requests.value;
  if (!first) return null;
  return html`<${RequestCard} key=${first.requestId} request=${first}>${more.length ? html`<a href=${address("/requests")}>${counted("feedback.more", more.length)}</a>` : null}</${RequestCard}>`;
}

function Live() {
  const all = students.value ?? [];
  const isOpen = channel.state.value.name === "open";
  const online = all.filter((one) => one.online).length;
  const practising = all.filter((one) => doingOf(one) === "practising").length;
  const places = account.value?.maxStudents ?? all.length;
  return html`<span class="watching ${isOpen ? "" : "lost"}"><i></i>${t(isOpen ? "students.live" : "room.reconnecting")}</span>
    <span class="secondary not-phone">${t("students.counts", { online, practising })} · ${t("students.places", { count: all.length, all: places })}</span>`;
}

// One student: what they do, what they just said where they share it, what was said to them.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { sentence } from "../api/problem.js";
import { address } from "../frame/router.js";
import { onFrame } from "../live/channel.js";
import { KINDS } from "../feedback/overlay.js";
import { Avatar } from "../parts/avatar.js";
import { Bars } from "../parts/bars.js";
import { Button, IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { Level } from "../parts/level.js";
import { clockTime, dayKey, dayName } from "../words/times.js";
import { t } from "../words/words.js";
import { EndTeaching } from "./end-teaching.js";
import { Results } from "./results.js";
import { doingOf } from "./roster.js";
import { history, loadHistory, olderHistory, readByStudent } from "./sent.js";
import { doingWords } from "./student-list.js";

/** @typedef {import("./roster.js").Student} Student */

/** @param {{ student: Student, anchor: import("./about.js").AnchorSignal }} given */
export function StudentPanel({ student, anchor }) {
  const isEnding = useSignal(false);
  const doing = doingOf(student);
  return html`<div class="student-panel"><header class="student-head"><${Avatar} name=${student.name} id=${student.email} size="large" /><div><h2 class="student-name" dir="auto">${student.name}</h2>
      <p class="student-doing ${doing}">${doing === "practising" ? html`<${Bars} moving />` : null}<span dir="auto">${doingWords(student)}</span></p></div>
    ${student.level ? html`<span class="secondary not-phone"><${Level} level=${student.level} /></span>` : null}
    ${doing === "room" && student.room ? html`<a class="button plain" href=${address(`/rooms?find=${encodeURIComponent(student.room)}`)}>${t("students.findRoom")}</a>` : null}
    <${IconButton} label=${t("students.end")} icon="log-out" onClick=${() => (isEnding.value = true)} /></header>
    <${Results} student=${student} anchor=${anchor} /><${Sent} student=${student} />
    ${isEnding.value ? html`<${EndTeaching} student=${student} onClose=${() => (isEnding.value = false)} />` : null}</div>`;
}

/** @param {{ student: Student }} given */
function Sent({ student }) {
  const problem = useSignal("");
  const { email } = student;
  useEffect(() => {
    loadHistory(email).catch((failure) => (problem.value = sentence(failure)));
    return onFrame("feedback_read", (push) => readByStudent(email, push));
  }, [email]);
  const known = history.value[email];
  return html`<section class="sent" aria-labelledby="sent"><h3 id="sent">${t("students.sent")}</h3>
    ${problem.value ? html`<p class="problem" role="alert">${problem.value}</p>` : null}
    ${known && !known.items.length ? html`<p class="secondary">${t("feedback.none")}</p>` : null}
    <ul class="rows">${known?.items.map((one) => html`<${SentRow} key=${one.feedback_id} one=${one} name=${student.name} />`)}</ul>
    ${known?.cursor ? html`<p class="load-more"><${Button} onClick=${() => olderHistory(email)}>${t("rooms.older")}</${Button}></p>` : null}</section>`;
}

/** @param {{ one: import("../api/contracts.js").Feedback, name: string }} given */
function SentRow({ one, name }) {
  const when = dayKey(one.timestamp) === dayKey(Date.now()) ? clockTime(one.timestamp) : dayName(one.timestamp);
  const state = one.read_at ? t("students.read", { when }) : one.websocket_sent ? t("students.delivered", { when }) : t("students.waits", { name });
  return html`<li class="sent-row"><span class="sent-kind">${one.kind ? html`<span class="chip ${KINDS[one.kind]}">${t(`feedback.${one.kind}`)}</span>` : null}</span><p dir="auto">${one.message}</p>
    <span class="secondary sent-state"><${Icon} name=${one.read_at || one.websocket_sent ? "check" : "clock"} />${state}</span></li>`;
}

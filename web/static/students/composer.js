// Saying something to a student: at once where they are online, and about the very word where one was chosen.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import * as api from "../api/generated/client.js";
import { account } from "../api/session.js";
import { call, freshId } from "../api/client.js";
import { sentence } from "../api/problem.js";
import { draftOf, keepDraft } from "../keep/drafts.js";
import { Avatar } from "../parts/avatar.js";
import { Button, IconButton } from "../parts/button.js";
import { ProblemText, Segments } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { minutesAndSeconds } from "../words/times.js";
import { t } from "../words/words.js";
import { sent } from "./sent.js";


const KINDS = /** @type {const} */ (["tip", "praise", "correction"]);
const LONGEST = 4_000;

/** @param {{ student: import("./roster.js").Student, anchor: import("./about.js").AnchorSignal }} given */
export function FeedbackComposer({ student, anchor }) {
  const place = `feedback/${student.email}`;
  const text = useSignal("");
  const kind = useSignal(/** @type {Wire.FeedbackKind} */ ("tip"));
  const busy = useSignal(false);
  const problem = useSignal("");
  const key = useSignal(freshId());
  useEffect(() => void draftOf(place).then((kept) => (text.value ||= kept)), [place]);
  const write = (/** @type {string} */ value) => {
    text.value = value;
    keepDraft(place, value);
  };
  const about = anchor.value;
  const canSend = Boolean(text.value.trim() || about?.isSayAgain);
  const send = async () => {
    if (!canSend || busy.value) return;
    busy.value = true;
    problem.value = "";
    const message = text.value.trim() || /** @type {import("./about.js").AnchorShown} */ (about).sentence;
    /** @type {Wire.SendFeedback} */
    const body = {
      studentEmail: student.email,
      message,
      messageType: about?.isSayAgain ? "say_again" : "text",
      kind: kind.value,
      ...(about ? { anchor: { resultId: about.resultId, from: about.from, to: about.to, second: about.second } } : {}),
    };
    try {
      const answer = await api.sendFeedback(call, { body, key: key.value });
      const shown = { feedback_id: answer.feedback_id, tutor_email: account.value?.email ?? "", student_email: student.email, message, message_type: /** @type {Wire.FeedbackType} */ (body.messageType), kind: kind.value, timestamp: new Date().toISOString(), websocket_sent: answer.websocketSent };
      sent(student.email, shown);
      key.value = freshId();
      anchor.value = null;
      write("");
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    void send();
  };
  const kinds = KINDS.map((value) => ({ value, label: t(`feedback.${value}`) }));
  const name = student.name.split(/\s+/u)[0] || student.name;
  return html`<div class="feedback-composer"><div class="composer-head"><span class="only-phone composer-to"><${Avatar} name=${student.name} id=${student.email} size="small" single /><span dir="auto">${t("students.to", { name })}</span></span>
      <${Segments} name="feedback-kind" label=${t("students.kind")} value=${kind.value} options=${kinds} onValue=${(/** @type {Wire.FeedbackKind} */ value) => (kind.value = value)} />
      <span class="at-once not-phone ${student.online ? "on" : ""}"><${Icon} name=${student.online ? "radio" : "clock"} />${t(student.online ? "students.atOnce" : "students.later", { name })}</span></div>
    <div class="composer feedback-box">${about ? html`<${About} about=${about} remove=${() => (anchor.value = null)} />` : null}
      <textarea rows="2" maxlength=${LONGEST} dir="auto" aria-label=${t("students.write", { name: student.name })} placeholder=${t("students.write", { name })} value=${text.value}
        onInput=${(/** @type {any} */ event) => write(event.currentTarget.value)} onKeyDown=${keys}></textarea>
      <div class="composer-foot"><${ProblemText} id="feedback-problem" text=${problem.value} /><span class="caption not-phone">Ctrl + Enter</span>
        <${Button} kind="primary" busy=${busy.value} aria-disabled=${canSend ? undefined : "true"} onClick=${send}>${t("students.send")}</${Button}></div></div></div>`;
}

/** @param {{ about: import("./about.js").AnchorShown, remove: () => void }} given */
function About({ about, remove }) {
  const at = about.second === undefined ? "" : `, ${minutesAndSeconds(about.second)}`;
  return html`<p class="about"><span class="chip accent">${about.isSayAgain ? t("students.sayAgain") : t("students.about")}</span><span class="serif" lang="en">“${about.text}”</span><span class="secondary figure">${at.slice(2)}</span>
    <${IconButton} label=${t("students.noAnchor")} icon="x" onClick=${remove} /></p>`;
}

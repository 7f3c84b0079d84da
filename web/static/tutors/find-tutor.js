// Finding a tutor by name, and asking with a note.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call, freshId } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { toast } from "../frame/toasts.js";
import { Avatar } from "../parts/avatar.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { ProblemText } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { counted, t } from "../words/words.js";

/** @typedef {{ email: string, name: string, isAccepting: boolean, maxStudents: number, studentCount: number }} Tutor */

const PATIENT_MS = 250;

/** @param {{ known: Set<string>, onAsked: () => Promise<void> }} given `known` are those who teach one, or were asked */
export function FindTutor({ known, onAsked }) {
  const text = useSignal("");
  const found = useSignal(/** @type {Tutor[] | null} */ (null));
  const cursor = useSignal(/** @type {string | null} */ (null));
  const problem = useSignal("");
  const asking = useSignal(/** @type {Tutor | null} */ (null));
  const load = async (/** @type {boolean} */ isFirst) => {
    const search = text.value.trim();
    try {
      const page = await api.listTutors(call, { query: { search, cursor: isFirst ? null : cursor.value } });
      if (search !== text.value.trim()) return;
      found.value = [...(isFirst ? [] : (found.value ?? [])), ...page.tutors];
      cursor.value = page.nextCursor ?? null;
      problem.value = "";
    } catch (failure) {
      problem.value = sentence(failure);
    }
  };
  useEffect(() => {
    const timer = setTimeout(() => load(true), found.peek() ? PATIENT_MS : 0);
    return () => clearTimeout(timer);
  }, [text.value]);
  const shown = found.value?.filter((one) => !known.has(one.email)) ?? [];
  return html`<section class="tutors" aria-labelledby="find-tutor"><div class="tutors-head"><h2 id="find-tutor">${t("tutors.find")}</h2>
      <div class="with-icon" role="search"><${Icon} name="search" /><input class="input" type="search" data-search aria-label=${t("tutors.search")} placeholder=${t("tutors.search")} maxlength="100" value=${text.value} onInput=${(/** @type {any} */ event) => (text.value = event.currentTarget.value)} /></div></div>
    <${ProblemText} id="tutors-problem" text=${problem.value} />
    ${found.value && !shown.length ? html`<p class="secondary">${t("tutors.none")}</p>` : null}
    <ul class="rows">${shown.map((one) => html`<${TutorRow} key=${one.email} one=${one} ask=${() => (asking.value = one)} />`)}</ul>
    ${cursor.value ? html`<p class="load-more"><${Button} onClick=${() => load(false)}>${t("rooms.older")}</${Button}></p>` : null}
    ${asking.value ? html`<${Ask} tutor=${asking.value} onClose=${() => (asking.value = null)} onAsked=${onAsked} />` : null}</section>`;
}

/** @param {{ one: Tutor, ask: () => void }} given */
function TutorRow({ one, ask }) {
  const free = Math.max(0, one.maxStudents - one.studentCount);
  const words = !one.isAccepting ? t("tutors.notAccepting") : free ? counted("tutors.free", free) : t("tutors.full");
  return html`<li class="tutor-row"><${Avatar} name=${one.name} id=${one.email} /><div><strong dir="auto">${one.name}</strong><span class="secondary">${words}</span></div>
    <${Button} class="small" disabled=${!one.isAccepting || !free} onClick=${ask}>${!one.isAccepting || !free ? words : t("tutors.ask")}<span class="hidden-text"> · ${one.name}</span></${Button}></li>`;
}

/** @param {{ tutor: Tutor, onClose: () => void, onAsked: () => Promise<void> }} given */
function Ask({ tutor, onClose, onAsked }) {
  const note = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const key = useSignal(freshId());
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    try {
      await api.requestTutor(call, { path: { email: tutor.email }, body: { message: note.value.trim() }, key: key.value });
      await onAsked();
      toast(t("tutors.sent", { name: tutor.name }));
      onClose();
    } catch (failure) {
      key.value = freshId();
      problem.value = sentence(failure);
      busy.value = false;
    }
  };
  return html`<${Dialog} title=${t("tutors.askTitle", { name: tutor.name })} onClose=${onClose}><form onSubmit=${submit}>
    <div class="field"><label class="field-label" for="tutor-note">${t("tutors.note")}</label><textarea class="input" id="tutor-note" rows="3" maxlength="1000" dir="auto" placeholder=${t("tutors.notePlaceholder")} value=${note.value} onInput=${(/** @type {any} */ event) => (note.value = event.currentTarget.value)}></textarea></div>
    <${ProblemText} id="ask-tutor-problem" text=${problem.value} />
    <div class="dialog-actions"><${Button} onClick=${onClose}>${t("frame.cancel")}</${Button}><${Button} kind="primary" type="submit" busy=${busy.value}>${t("tutors.ask")}</${Button}></div></form></${Dialog}>`;
}

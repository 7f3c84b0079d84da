// The students, those who practise first; arrows go from one to the next.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { address, go } from "../frame/router.js";
import { Avatar } from "../parts/avatar.js";
import { Bars } from "../parts/bars.js";
import { ago } from "../words/times.js";
import { t } from "../words/words.js";
import { doingOf } from "./roster.js";

/** @typedef {import("./roster.js").Student} Student */

const MINUTE = 60_000;

/** @param {Student} one @returns {string} what somebody does, in words */
export function doingWords(one) {
  const doing = doingOf(one);
  if (doing === "practising") return one.room ? t("students.practisingWhat", { what: one.room }) : t("students.practising");
  if (doing === "room") return t("students.inRoom", { room: one.room ?? "" });
  if (doing === "online") return t("students.online");
  return one.updatedAt ? t("students.lastSeen", { when: ago(one.updatedAt) }) : t("students.away");
}

/** @param {{ all: Student[], chosen: string }} given */
export function StudentList({ all, chosen }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const keys = (/** @type {KeyboardEvent} */ event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const next = all[(all.findIndex((one) => one.email === chosen) + step + all.length) % all.length];
    if (next) go(`/students/${encodeURIComponent(next.email)}`, { replace: true });
    requestAnimationFrame(() => /** @type {HTMLElement | null | undefined} */ (list.current?.querySelector("[aria-current]"))?.focus());
  };
  return html`<ul class="student-list" ref=${list} aria-label=${t("nav.students")} onKeyDown=${keys}>${all.map(
    (one) => html`<li key=${one.email}><a class="student-row" href=${address(`/students/${encodeURIComponent(one.email)}`)} aria-current=${one.email === chosen ? "true" : undefined}>
      <span class="person"><${Avatar} name=${one.name} id=${one.email} /><i class="dot ${one.online ? "on" : ""}"></i></span>
      <span class="student-words"><strong dir="auto">${one.name}</strong><span class="secondary ${doingOf(one)}" dir="auto">${doingWords(one)}</span></span>
      ${doingOf(one) === "practising" ? html`<${Bars} moving />` : null}<${Since} one=${one} /></a></li>`,
  )}</ul>`;
}

/** @param {{ one: Student }} given */
function Since({ one }) {
  if (!one.online || !one.updatedAt) return null;
  const minutes = Math.floor((Date.now() - Date.parse(one.updatedAt)) / MINUTE);
  return html`<span class="caption figure">${t("students.minutes", { count: Math.max(0, minutes) })}</span>`;
}

// Somebody who asks to be taught: their words, and the answer.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { sentence } from "../api/problem.js";
import { Avatar } from "../parts/avatar.js";
import { Button } from "../parts/button.js";
import { ProblemText } from "../parts/fields.js";
import { t } from "../words/words.js";
import { decide } from "./roster.js";

/** @param {{ request: import("./roster.js").TutorRequest, children?: any }} given */
export function RequestCard({ request, children }) {
  const busy = useSignal("");
  const problem = useSignal("");
  const name = request.studentName ?? request.studentEmail;
  const answer = async (/** @type {"approve" | "reject"} */ how) => {
    busy.value = how;
    problem.value = "";
    try {
      await decide(request, how);
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = "";
    }
  };
  return html`<section class="request" aria-label=${t("students.asks", { name })}><${Avatar} name=${name} id=${request.studentEmail} />
    <div><strong dir="auto">${t("students.asks", { name })}</strong>${request.message ? html`<p class="secondary" dir="auto">“${request.message}”</p>` : null}
      <${ProblemText} id="request-${request.requestId}" text=${problem.value} />
      <div class="request-actions"><${Button} class="accent-text" busy=${busy.value === "approve"} onClick=${() => answer("approve")}>${t("students.accept")}<span class="hidden-text"> · ${name}</span></${Button}>
        <${Button} kind="quiet" busy=${busy.value === "reject"} onClick=${() => answer("reject")}>${t("students.decline")}<span class="hidden-text"> · ${name}</span></${Button}><span class="request-more">${children}</span></div></div></section>`;
}

// Everything that one tutor said, newest first.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { Button } from "../parts/button.js";
import { StateCard } from "../parts/state.js";
import { clockTime, dayName } from "../words/times.js";
import { t } from "../words/words.js";
import { AnchorOf } from "./anchor.js";
import { learnNames, tutorNames } from "./inbox.js";
import { KINDS, Voice } from "./overlay.js";

/** @typedef {import("../api/contracts.js").Feedback} Feedback */

/** @param {{ query: URLSearchParams }} given */
export function Page({ query }) {
  const email = query.get("with") ?? "";
  const items = useSignal(/** @type {Feedback[] | null} */ (null));
  const cursor = useSignal(/** @type {string | null} */ (null));
  const problem = useSignal("");
  const load = async (/** @type {boolean} */ isFirst) => {
    try {
      const page = await api.listFeedback(call, { query: { with: email, cursor: isFirst ? null : cursor.value } });
      items.value = [...(isFirst ? [] : (items.value ?? [])), ...page.feedback];
      cursor.value = page.nextCursor ?? null;
    } catch (failure) {
      problem.value = sentence(failure);
    }
  };
  useEffect(() => {
    void learnNames();
    void load(true);
  }, [email]);
  const name = tutorNames.value[email] || email;
  return html`<${Layout} title=${t("feedback.title", { name })} back="/notifications">
    ${problem.value ? html`<${StateCard} icon="circle-alert" title=${problem.value} />` : null}
    ${items.value && !items.value.length ? html`<${StateCard} icon="pencil" title=${t("feedback.none")} />` : null}
    <ul class="rows feedback-list">${items.value?.map((one) => html`<li key=${one.feedback_id}><div class="feedback-head">${one.kind ? html`<span class="chip ${KINDS[one.kind]}">${t(`feedback.${one.kind}`)}</span>` : null}
      <time class="caption" datetime=${one.timestamp}>${dayName(one.timestamp)}, ${clockTime(one.timestamp)}</time></div><p dir="auto">${one.message}</p>${one.anchor?.resultId ? html`<${AnchorOf} one=${one} />` : null}${one.audio_url ? html`<${Voice} one=${one} />` : null}</li>`)}</ul>
    ${cursor.value ? html`<p class="load-more"><${Button} onClick=${() => load(false)}>${t("rooms.older")}</${Button}></p>` : null}
  </${Layout}>`;
}

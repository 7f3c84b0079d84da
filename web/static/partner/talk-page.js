// The talk itself, laid out as a script.
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem, sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { address, go } from "../frame/router.js";
import { channel } from "../live/channel.js";
import { finished } from "../live/jobs.js";
import { showDoing } from "../tutors/doing.js";
import { Button, IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { Level } from "../parts/level.js";
import { StateCard } from "../parts/state.js";
import { ConnectionBanner } from "../room/connection-banner.js";
import { t } from "../words/words.js";
import { roleName, topicName } from "./scenes.js";
import { Script } from "./script.js";
import { Speaking } from "./speaking.js";
import { Talk } from "./talk.js";

/** @param {{ id: string }} given */
export function TalkPage({ id }) {
  const talk = useMemo(() => new Talk(id), [id]);
  const isSideOpen = useSignal(false);
  const isEnding = useSignal(false);
  const problem = useSignal("");
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    void talk.start();
    return () => talk.close();
  }, [talk]);
  useTellTutors(talk);
  const shape = useComputed(() => `${talk.lines.value.length} ${talk.current.value?.said.length ?? 0} ${talk.current.value?.stage}`);
  useSignalEffect(() => {
    shape.value;
    requestAnimationFrame(() => box.current && (box.current.scrollTop = box.current.scrollHeight));
  });
  const conversation = talk.conversation.value;
  if (talk.problem.value && !conversation) return html`<${Missing} problem=${talk.problem.value} retry=${() => talk.load()} />`;
  if (conversation?.endedAt) return go(`/partner/${id}/report`, { replace: true });
  const end = async () => {
    if (isEnding.value) return;
    isEnding.value = true;
    talk.interrupt();
    try {
      const report = await api.endConversation(call, { path: { conversationId: id } });
      if ("jobId" in report) await finished(report.jobId);
      go(`/partner/${id}/report`);
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      isEnding.value = false;
    }
  };
  const role = conversation ? roleName(conversation.role) : "";
  const turn = (conversation?.turnCount ?? 0) + (talk.current.value ? 1 : 0);
  const actions = html`${conversation ? html`<span class="secondary not-phone"><${Level} level=${conversation.difficulty} /></span>` : null}
    <${Button} busy=${isEnding.value} onClick=${end}><span class="not-phone">${t("talk.end")}</span><span class="only-phone">${t("talk.endShort")}</span></${Button}>
    <${IconButton} label=${t("talk.situation")} icon="info" class="only-narrow" aria-expanded=${isSideOpen.value} onClick=${() => (isSideOpen.value = !isSideOpen.value)} />`;
  const banner = html`<${ConnectionBanner} socket=${channel} /><${BudgetBanner} talk=${talk} />`;
  return html`<${Layout} title=${conversation ? topicName(conversation.topic) : t("frame.loading")} back="/partner" actions=${actions} banner=${html`<div class="banners">${banner}</div>`} bodyClass="with-side"
      subtitle=${conversation ? html`<span dir="auto">${t("talk.subtitle", { role, count: Math.max(turn, 1) })}</span>` : null}>
    <div class="talk script-talk"><div class="script-box" ref=${box} tabindex="0" role="log" aria-label=${t("room.log")}><${Script} talk=${talk} role=${role} /></div>
      ${problem.value ? html`<p class="composer-note bad" role="alert"><${Icon} name="circle-alert" />${problem.value}</p>` : null}
      <${Speaking} talk=${talk} /></div>
    ${isSideOpen.value ? html`<button type="button" class="scrim" aria-label=${t("frame.close")} onClick=${() => (isSideOpen.value = false)}></button>` : null}
    <aside class="side ${isSideOpen.value ? "open" : ""}" aria-label=${t("talk.situation")}>
      <section><h2>${t("talk.situation")}</h2><p dir="auto" lang="en">${conversation?.situation}</p></section>
      <section><h2>${t("talk.keys")}</h2><p>${t("talk.keysText")}</p></section>
    </aside>
  </${Layout}>`;
}

/** Tell the tutors of a student that the student talks with the partner. @param {Talk} talk */
function useTellTutors(talk) {
  const topic = useComputed(() => (talk.conversation.value?.endedAt ? "" : (talk.conversation.value?.topic ?? "")));
  useSignalEffect(() => {
    if (topic.value) return showDoing({ room: topicName(topic.value), isLearning: true });
  });
}

/** @param {{ talk: Talk }} given */
function BudgetBanner({ talk }) {
  const budget = talk.budget.value;
  if (!budget || budget.state === "ok") return null;
  const spent = budget.state === "spent";
  const words = spent ? "budget.spent" : budget.state === "shortened" ? "budget.near" : "budget.warned";
  return html`<div class="banner ${spent ? "bad" : ""}" role="status"><${Icon} name="clock" /><span>${t(words)}</span></div>`;
}

/** @param {{ problem: unknown, retry: () => void }} given */
function Missing({ problem, retry }) {
  const isGone = problem instanceof Problem && problem.code === "NOT_FOUND";
  return html`<${Layout} title=${t("nav.partner")} back="/partner"><${StateCard} icon=${isGone ? "circle-alert" : "wifi-off"} title=${isGone ? t("talk.gone") : sentence(problem)}>
    ${isGone ? html`<a class="button plain" href=${address("/partner")}>${t("start.do")}</a>` : html`<${Button} onClick=${retry}>${t("frame.retry")}</${Button}>`}</${StateCard}></${Layout}>`;
}

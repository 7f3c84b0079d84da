// Before a talk: the situation, the partner's role, the level; below, the talks that one has had.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import * as api from "../api/generated/client.js";
import { account } from "../api/session.js";
import { call, freshId } from "../api/client.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { address, go } from "../frame/router.js";
import { finished } from "../live/jobs.js";
import { Button } from "../parts/button.js";
import { Field, ProblemText, Segments } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { LEVELS, Level, LevelBars, levelName } from "../parts/level.js";
import { ago } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { SCENES, roleName, topicName } from "./scenes.js";

const OWN = "own";

export function StartPage() {
  const chosen = useSignal("hotel");
  const topic = useSignal("");
  const role = useSignal("");
  const level = useSignal(/** @type {string} */ (account.value?.level ?? "intermediate"));
  const busy = useSignal(false);
  const problem = useSignal("");
  const key = useSignal(freshId());
  const begin = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    const scene = SCENES.find((one) => one.name === chosen.value) ?? { topic: topic.value.trim(), role: role.value.trim() || "a friendly conversation partner" };
    if (!scene.topic) return void (problem.value = t("start.needsTopic"));
    busy.value = true;
    problem.value = "";
    try {
      const opened = await api.startConversation(call, { body: { difficulty: level.value, topic: scene.topic, role: scene.role }, key: key.value });
      const { conversationId } = "jobId" in opened ? await finished(opened.jobId) : opened;
      go(`/partner/${conversationId}`);
    } catch (failure) {
      key.value = freshId();
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  const levels = LEVELS.map((one) => ({ value: one, label: html`<span class="not-phone"><${LevelBars} level=${one} /></span>${levelName(one)}` }));
  return html`<${Layout} title=${t("nav.partner")} subtitle=${t("start.lead")}>
    <form class="start" onSubmit=${begin}>
      <fieldset><legend class="field-label">${t("start.situation")}</legend>
        <div class="scenes">${[...SCENES, { name: OWN, role: "", icon: "pencil" }].map(
          (one) => html`<label class="scene" key=${one.name}><input type="radio" name="scene" value=${one.name} checked=${chosen.value === one.name} onChange=${() => (chosen.value = one.name)} />
            <${Icon} name=${one.icon} /><span><strong>${t(/** @type {any} */ (`scene.${one.name}`))}</strong>
            ${one.role ? html`<span class="secondary">${t("start.with", { role: roleName(one.role) })}</span>` : html`<span class="secondary">${t("start.ownHint")}</span>`}</span></label>`,
        )}</div></fieldset>
      ${chosen.value === OWN
        ? html`<div class="own-scene"><${Field} id="topic" label=${t("start.topic")} placeholder=${t("start.topicPlaceholder")} maxlength="100" required dir="auto" value=${topic.value} onValue=${(/** @type {string} */ value) => (topic.value = value)} />
            <${Field} id="role" label=${t("start.role")} placeholder=${t("start.rolePlaceholder")} maxlength="100" dir="auto" value=${role.value} onValue=${(/** @type {string} */ value) => (role.value = value)} /></div>`
        : null}
      <div class="field"><span class="field-label">${t("rooms.level")}</span><div><${Segments} name="level" label=${t("rooms.level")} value=${level.value} options=${levels} onValue=${(/** @type {string} */ value) => (level.value = value)} /></div></div>
      <${ProblemText} id="start-problem" text=${problem.value} />
      <div><${Button} kind="voice" class="large" icon="mic" type="submit" busy=${busy.value}>${t("start.do")}</${Button}></div>
    </form>
    <${Earlier} />
  </${Layout}>`;
}

function Earlier() {
  const talks = useSignal(/** @type {import("../api/contracts.js").Conversation[]} */ ([]));
  useEffect(() => {
    void api.listConversations(call, { query: { limit: 10 } }).then((page) => (talks.value = page.conversations), () => {});
  }, []);
  if (!talks.value.length) return null;
  return html`<section class="earlier" aria-labelledby="earlier"><h2 id="earlier">${t("start.earlier")}</h2><ul class="rows">${talks.value.map(
    (one) => html`<li key=${one.conversationId} class="talk-row"><div class="room-name"><strong dir="auto">${topicName(one.topic)}</strong>
      <span class="secondary" dir="auto">${one.situation}</span></div><span class="secondary"><${Level} level=${one.difficulty} /></span>
      <span class="secondary">${counted("talk.turns", one.turnCount)} · ${ago(one.startedAt)}</span>
      <a class="button plain small" href=${address(`/partner/${one.conversationId}${one.endedAt ? "/report" : ""}`)}>${one.endedAt ? t("start.report") : t("start.goOn")}<span class="hidden-text"> · ${topicName(one.topic)}</span></a></li>`,
  )}</ul></section>`;
}

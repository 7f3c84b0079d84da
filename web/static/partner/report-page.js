// The report on a talk: what went well, sentences that can be better, phrases to keep.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call, freshId } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { go } from "../frame/router.js";
import { voice } from "../keep/preferences.js";
import { finished } from "../live/jobs.js";
import { Button, IconButton } from "../parts/button.js";
import { StateCard } from "../parts/state.js";
import { startSet } from "../practise/sets.js";
import { pause, play, playing } from "../voice/player.js";
import { soundOfText } from "../voice/sounds.js";
import { clockTime, dayName } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { partsOf } from "./correction.js";
import { topicName } from "./scenes.js";

/** @typedef {import("../api/contracts.js").Conversation} Conversation */

const ASK_MS = 2_000;

/** @param {{ id: string }} given */
export function ReportPage({ id }) {
  const conversation = useSignal(/** @type {Conversation | null} */ (null));
  const problem = useSignal("");
  const busy = useSignal(false);
  useEffect(() => {
    let timer = 0;
    const load = async () => {
      try {
        conversation.value = await api.showConversation(call, { path: { conversationId: id } });
        if (!conversation.value?.report) timer = window.setTimeout(load, ASK_MS);
      } catch (failure) {
        problem.value = sentence(failure);
      }
    };
    void load();
    return () => clearTimeout(timer);
  }, [id]);
  const one = conversation.value;
  const talkAgain = async () => {
    if (!one || busy.value) return;
    busy.value = true;
    try {
      const opened = await api.startConversation(call, { body: { difficulty: one.difficulty, topic: one.topic, role: one.role }, key: freshId() });
      const { conversationId } = "jobId" in opened ? await finished(opened.jobId) : opened;
      go(`/partner/${conversationId}`);
    } catch (failure) {
      problem.value = sentence(failure);
      busy.value = false;
    }
  };
  const actions = html`<${Button} icon="repeat" busy=${busy.value} onClick=${talkAgain}>${t("report.again")}</${Button}>`;
  const subtitle = one ? html`<span dir="auto">${topicName(one.topic)} · ${dayName(one.endedAt ?? one.startedAt, true)}, ${clockTime(one.endedAt ?? one.startedAt)}</span>` : null;
  if (problem.value && !one) return html`<${Layout} title=${t("report.title")} back="/partner"><${StateCard} icon="circle-alert" title=${problem.value} /></${Layout}>`;
  return html`<${Layout} title=${t("report.title")} subtitle=${subtitle} back="/partner" actions=${actions} bodyClass="with-side report-body">
    ${one?.report ? html`<${Report} one=${one} />` : html`<p class="secondary report-wait" role="status">${t("report.writing")}</p>`}
  </${Layout}>`;
}

/** @param {{ one: Conversation }} given */
function Report({ one }) {
  const report = /** @type {NonNullable<Conversation["report"]>} */ (one.report);
  const [first, rest] = headlineOf(report.summary);
  return html`<div class="report"><p class="headline" dir="auto">${first}</p>${rest ? html`<p class="report-rest" dir="auto">${rest}</p>` : null}
      ${report.corrections.length
        ? html`<section aria-labelledby="say-it"><h2 id="say-it" class="say-like">${t("report.better")}</h2><ul class="rows">${report.corrections.map((correction, index) => html`<${Better} key=${index} correction=${correction} />`)}</ul></section>`
        : html`<p class="secondary">${t("report.nothing")}</p>`}
      ${report.corrections.length ? html`<div class="report-foot"><${Button} kind="voice" class="large" icon="mic" onClick=${() => practise(report.corrections)}>${counted("report.practise", report.corrections.length)}</${Button}></div>` : null}</div>
    <aside class="side" aria-label=${t("report.phrases")}><section><p>${t("report.spoke")}</p><p class="report-number figure">${counted("talk.turns", report.turnCount)}</p></section>
      ${report.phrases.length ? html`<section><h2>${t("report.phrases")}</h2><ul class="rows phrases">${report.phrases.map((phrase) => html`<li key=${phrase.english}><span><span class="serif" lang="en">${phrase.english}</span>
        ${phrase.meaning ? html`<span class="secondary" dir="auto">${phrase.meaning}</span>` : null}</span><${Hear} text=${phrase.english} /></li>`)}</ul></section>` : null}</aside>`;
}

/** Say the better sentences aloud. @param {import("../api/contracts.js").Correction[]} corrections */
function practise(corrections) {
  startSet(t("report.better"), corrections.map(({ better }) => ({ english: better })));
  go("/practise/set");
}

/** @param {string} summary @returns {[string, string]} its first sentence, and the rest */
function headlineOf(summary) {
  const end = summary.search(/[.!?](\s|$)/u);
  return end < 0 || end > 140 ? [summary, ""] : [summary.slice(0, end + 1), summary.slice(end + 1).trim()];
}

/** @param {{ correction: import("../api/contracts.js").Correction }} given */
function Better({ correction }) {
  const { original, better } = partsOf(correction);
  return html`<li class="better-row"><div><p class="was"><span class="secondary">${t("report.youSaid")}</span>${" "}<span class="serif" lang="en">${original.map((part, index) => (part.isChanged && part.text ? html`<u key=${index} class="wrong">${part.text}</u>` : part.text))}</span></p>
      <p class="is serif" lang="en">${better.map((part, index) => (part.isChanged && part.text ? html`<mark key=${index}>${part.text}</mark>` : part.text))}</p>
      ${correction.why ? html`<p class="secondary" dir="auto">${correction.why}</p>` : null}</div><${Hear} text=${correction.better} isBoxed /></li>`;
}

/** @param {{ text: string, isBoxed?: boolean }} given */
function Hear({ text, isBoxed = false }) {
  const id = `text/${text}`;
  const isPlaying = playing.value?.id === id && !playing.value.isPaused;
  const listen = async () => {
    if (isPlaying) return pause(id);
    const sound = await soundOfText(text, voice.value.peek()).catch(() => null);
    if (sound) await play(id, sound.source).catch(() => {});
  };
  return html`<${IconButton} label="${t(isPlaying ? "voice.pause" : "voice.listen")}: ${text}" icon=${isPlaying ? "pause" : "volume-2"} class=${isBoxed ? "plain" : ""} onClick=${listen} />`;
}

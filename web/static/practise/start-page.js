// Before a set: the topic, the level, how many; what is due for another try; what is underway.
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
import { LEVELS, LevelBars, levelName } from "../parts/level.js";
import { counted, t } from "../words/words.js";
import { loadSet, practiceSet, startSet } from "./sets.js";
import { TOPICS, topicTitle } from "./topics.js";

const OWN = "own";
const COUNTS = ["3", "5", "10"];
const MOST_REVIEWED = 20;

/** @param {{ wanted: string }} given `wanted` is a topic that another page suggests */
export function StartPage({ wanted }) {
  const actions = html`<a class="button plain" href=${address("/practise/notebook")}><${Icon} name="book-open" />${t("practise.notebook")}</a>`;
  return html`<${Layout} title=${t("nav.practise")} subtitle=${t("practise.lead")} actions=${actions}>
    <${Underway} /><${Due} /><${NewSet} wanted=${wanted} />
  </${Layout}>`;
}

function Underway() {
  useEffect(() => void loadSet(), []);
  const set = practiceSet.value;
  if (!set || set.at >= set.items.length) return null;
  return html`<section class="practise-card" aria-label=${t("practise.underway")}><${Icon} name="mic" /><div><strong dir="auto">${set.title}</strong>
      <span class="secondary">${t("practise.place", { count: set.at + 1, all: set.items.length })}</span></div>
    <a class="button plain" href=${address("/practise/set")}>${t("practise.goOn")}</a></section>`;
}

function Due() {
  const due = useSignal(/** @type {import("../api/contracts.js").NotebookEntry[]} */ ([]));
  const hasMore = useSignal(false);
  useEffect(() => {
    void api.listReview(call, { query: { limit: MOST_REVIEWED } }).then((page) => {
      due.value = page.review;
      hasMore.value = page.hasMore;
    }, () => {});
  }, []);
  if (!due.value.length) return null;
  const begin = () => {
    startSet(t("practise.review"), due.value.map(({ better }) => ({ english: better })));
    go("/practise/set");
  };
  const count = due.value.length;
  return html`<section class="practise-card due" aria-label=${t("practise.review")}><${Icon} name="rotate-ccw" /><div><strong>${counted(hasMore.value ? "practise.dueMore" : "practise.due", count)}</strong>
      <span class="secondary" lang="en" dir="auto">${due.value[0]?.better}</span></div>
    <${Button} onClick=${begin}>${t("practise.reviewDo")}</${Button}></section>`;
}

/** @param {{ wanted: string }} given */
function NewSet({ wanted }) {
  const chosen = useSignal(wanted ? OWN : "weekend");
  const topic = useSignal(wanted);
  const level = useSignal(/** @type {string} */ (account.value?.level ?? "intermediate"));
  const count = useSignal("5");
  const busy = useSignal(false);
  const problem = useSignal("");
  const begin = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    const english = TOPICS.find((one) => one.name === chosen.value)?.english ?? topic.value.trim();
    if (!english) return void (problem.value = t("start.needsTopic"));
    busy.value = true;
    problem.value = "";
    try {
      const body = { difficulty: level.value, topic: english, count: Number(count.value) };
      const written = await api.generateSentences(call, { body, key: freshId() });
      const { sentences, sessionId } = "jobId" in written ? await finished(written.jobId) : written;
      startSet(topicTitle(english), sentences, sessionId);
      go("/practise/set");
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  const levels = LEVELS.map((one) => ({ value: one, label: html`<span class="not-phone"><${LevelBars} level=${one} /></span>${levelName(one)}` }));
  const counts = COUNTS.map((value) => ({ value, label: value }));
  const set = (/** @type {import("@preact/signals").Signal<string>} */ signal) => (/** @type {string} */ value) => (signal.value = value);
  return html`<form class="start" onSubmit=${begin}>
    <fieldset><legend class="field-label">${t("practise.topic")}</legend>
      <div class="scenes topics">${[...TOPICS, { name: OWN, icon: "pencil" }].map(
        (one) => html`<label class="scene" key=${one.name}><input type="radio" name="topic" value=${one.name} checked=${chosen.value === one.name} onChange=${() => (chosen.value = one.name)} />
          <${Icon} name=${one.icon} /><span><strong>${t(/** @type {any} */ (`topic.${one.name}`))}</strong></span></label>`,
      )}</div></fieldset>
    ${chosen.value === OWN ? html`<${Field} id="topic" label=${t("start.topic")} placeholder=${t("practise.topicPlaceholder")} maxlength="100" required dir="auto" autocomplete="off" value=${topic.value} onValue=${set(topic)} />` : null}
    <div class="practise-choices"><div class="field"><span class="field-label">${t("rooms.level")}</span><div><${Segments} name="level" label=${t("rooms.level")} value=${level.value} options=${levels} onValue=${set(level)} /></div></div>
      <div class="field"><span class="field-label">${t("practise.count")}</span><div><${Segments} name="count" label=${t("practise.count")} value=${count.value} options=${counts} onValue=${set(count)} /></div></div></div>
    <${ProblemText} id="practise-problem" text=${problem.value} />
    <div><${Button} kind="voice" class="large" icon="mic" type="submit" busy=${busy.value}>${t("practise.start")}</${Button}></div>
  </form>`;
}

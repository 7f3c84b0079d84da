// Progress: one sentence, three numbers, minutes, scores, and words that are worth another try.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { account } from "../api/session.js";
import { Page as Layout } from "../frame/page.js";
import { address } from "../frame/router.js";
import { Button } from "../parts/button.js";
import { Segments } from "../parts/fields.js";
import { StateCard } from "../parts/state.js";
import { durationText } from "../words/times.js";
import { t } from "../words/words.js";
import { BarChart } from "./bar-chart.js";
import { Chart } from "./chart.js";
import { DAYS, barsOf, dateText, minutesText, plusDays, secondsOf, today, withoutGaps } from "./days.js";
import { LineChart } from "./line-chart.js";
import { WordsAgain } from "./words-again.js";

/** @typedef {import("./days.js").Day} Day */
/** @typedef {{ days: Day[], streak: { current: number, longest: number } }} Days */

const WEEK = 7;
const MOST_TALKS = 100;

export function Page() {
  const range = useSignal(/** @type {import("./days.js").Range} */ ("2w"));
  const found = useSignal(/** @type {Days | null} */ (null));
  const talks = useSignal(/** @type {string[]} */ ([]));
  const problem = useSignal("");
  const load = async () => {
    try {
      const last = today();
      found.value = await api.showDays(call, { query: { from: plusDays(last, 1 - DAYS["1y"]), to: last } });
      problem.value = "";
    } catch (failure) {
      problem.value = sentence(failure);
    }
  };
  useEffect(() => {
    void load();
    void api.listConversations(call, { query: { limit: MOST_TALKS } }).then((page) => (talks.value = page.conversations.map((/** @type {any} */ one) => one.startedAt)), () => {});
  }, []);
  const ranges = /** @type {const} */ (["2w", "3m", "1y"]).map((value) => ({ value, label: t(`progress.${value}`) }));
  const actions = html`<${Segments} name="range" label=${t("progress.range")} value=${range.value} options=${ranges} onValue=${(/** @type {any} */ value) => (range.value = value)} />`;
  return html`<${Layout} title=${t("nav.progress")} actions=${actions}>
    ${problem.value && !found.value ? html`<${StateCard} icon="wifi-off" kind="warn" title=${problem.value}><${Button} onClick=${load}>${t("frame.retry")}</${Button}></${StateCard}>` : null}
    ${found.value ? html`<${Shown} found=${found.value} range=${range.value} talks=${talks.value} />` : problem.value ? null : html`<p class="secondary" role="status">${t("frame.loading")}</p>`}
  </${Layout}>`;
}

/** @param {{ found: Days, range: import("./days.js").Range, talks: string[] }} given */
function Shown({ found, range, talks }) {
  const last = today();
  const days = withoutGaps(found.days, last, DAYS[range]);
  if (!found.days.length) return html`<${StateCard} icon="chart-column" title=${t("progress.none")} text=${t("progress.noneText")}><a class="button plain" href=${address("/practise")}>${t("practise.start")}</a></${StateCard}>`;
  const begin = Date.now() - DAYS[range] * 86_400_000;
  /** @type {[string, number][]} */
  const numbers = [
    [t("progress.sentences"), days.reduce((sum, one) => sum + one.practiceCount, 0)],
    [t("progress.talks"), talks.filter((one) => Date.parse(one) >= begin).length],
    [t("progress.streak"), found.streak.current],
  ];
  return html`<div class="progress-page"><p class="headline">${headline(withoutGaps(found.days, last, 2 * WEEK))}</p>
    <dl class="progress-numbers">${numbers.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd class="figure">${value}</dd></div>`)}</dl>
    <div class="charts"><${Minutes} days=${days} range=${range} /><${Scores} days=${days} /></div><${WordsAgain} /></div>`;
}

/** @param {Day[]} days of two weeks @returns {string} how long one spoke this week, beside the last */
function headline(days) {
  const [before, now] = [secondsOf(days.slice(0, WEEK)), secondsOf(days.slice(WEEK))];
  const spoken = { time: durationText(now), difference: durationText(Math.abs(now - before)) };
  if (!now && !before) return t("progress.quiet");
  if (!before) return t("progress.first", spoken);
  if (Math.abs(now - before) < 30) return t("progress.same", spoken);
  return t(now > before ? "progress.more" : "progress.less", spoken);
}

/** @param {{ days: Day[], range: import("./days.js").Range }} given */
function Minutes({ days, range }) {
  const bars = barsOf(days, range);
  const goal = range === "2w" ? (account.value?.dailyGoalMinutes ?? null) : null;
  const rows = bars.map((one) => [one.name, minutesText(one.minutes)]);
  return html`<${Chart} title=${t(`progress.minutes.${range}`)} heads=${[t("progress.when"), t("progress.minutesHead")]} rows=${rows}><${BarChart} bars=${bars} goal=${goal} label=${t(`progress.minutes.${range}`)} /></${Chart}>`;
}

/** @param {{ days: Day[] }} given */
function Scores({ days }) {
  const scored = days.filter((one) => one.averageScore !== null && one.averageScore !== undefined);
  const points = scored.map((one) => ({ key: one.date, value: one.averageScore ?? 0 }));
  const [first, last] = [points[0], points.at(-1)];
  const change = first && last ? Math.round(last.value) - Math.round(first.value) : 0;
  const words = points.length < 2 ? t("progress.tooFew") : change > 0 ? t("progress.up", { count: change }) : change < 0 ? t("progress.down", { count: -change }) : t("progress.steady");
  const rows = points.map((one) => [dateText(one.key, { month: "long", day: "numeric" }), String(Math.round(one.value))]);
  const ends = first && last ? [dateText(first.key, { month: "short", day: "numeric" }), last.key === today() ? t("time.today") : dateText(last.key, { month: "short", day: "numeric" })] : [];
  return html`<${Chart} title=${t("progress.score")} subtitle=${words} heads=${[t("progress.when"), t("progress.score")]} rows=${rows}>${points.length ? html`<${LineChart} points=${points} ends=${ends} label="${t("progress.score")}. ${words}" />` : null}</${Chart}>`;
}

// What a student said in practice, as it comes: where the student lets the tutor see it. A word chosen there is what feedback is about.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useMemo } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { onFrame } from "../live/channel.js";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { colourOfScore } from "../parts/score-ring.js";
import { kept } from "../practise/own-sound.js";
import { WordChips } from "../practise/word-chips.js";
import { wordsOf } from "../practise/words-of.js";
import { play } from "../voice/player.js";
import { PlayerRow } from "../voice/player-row.js";
import { ago } from "../words/times.js";
import { t } from "../words/words.js";

/** @typedef {import("../api/contracts.js").Result} Result */
/** @typedef {import("./roster.js").Student} Student */

const SHOWN = 5;
const BEFORE_MS = 300;

/** @param {{ student: Student, anchor: import("./about.js").AnchorSignal }} given */
export function Results({ student, anchor }) {
  const results = useSignal(/** @type {Result[]} */ ([]));
  const open = useSignal("");
  const { email, shareResults } = student;
  useEffect(() => {
    if (!shareResults) return;
    const load = () => api.listStudentsResults(call, { path: { email }, query: { limit: SHOWN } }).then((page) => (results.value = page.results), () => {});
    void load();
    return onFrame("student_result", (push) => push.studentEmail === email && void load());
  }, [email, shareResults]);
  if (!shareResults) return html`<p class="secondary not-shared"><${Icon} name="lock" />${t("students.notShared", { name: student.name })}</p>`;
  if (!results.value.length) return null;
  return html`<section class="student-results" aria-labelledby="said"><h3 id="said">${t("students.said")}</h3><ul class="rows" aria-live="polite">${results.value.map(
    (one) => html`<li key=${one.resultId}><button type="button" class="result-row" aria-expanded=${open.value === one.resultId} onClick=${() => (open.value = open.value === one.resultId ? "" : one.resultId)}>
        <span class="serif" lang="en">${one.originalText}</span><span class="caption">${ago(one.createdAt)}</span>
        ${one.grade ? html`<strong class="figure score ${colourOfScore(one.overallScore)}">${Math.round(one.overallScore)}</strong>` : html`<span class="caption">${t("result.noGradeShort")}</span>`}<${Icon} name="chevron-down" /></button>
      ${open.value === one.resultId ? html`<${OpenResult} result=${one} student=${student} anchor=${anchor} />` : null}</li>`,
  )}</ul></section>`;
}

/** @param {{ result: Result, student: Student, anchor: import("./about.js").AnchorSignal }} given */
function OpenResult({ result, student, anchor }) {
  const words = useMemo(() => wordsOf(result), [result]);
  const chosen = useSignal(-1);
  const sound = useSignal(/** @type {import("../voice/sounds.js").Sound | null} */ (null));
  const path = { email: student.email, resultId: result.resultId };
  const load = async () => (sound.value ??= await kept(api.showStudentsResult(call, { path })));
  const id = `student-${result.resultId}`;
  const choose = (/** @type {number} */ index) => {
    chosen.value = index;
    const one = words[index];
    if (!one) return;
    const second = one.word.startMs === null || one.word.startMs === undefined ? undefined : one.word.startMs / 1000;
    anchor.value = { resultId: result.resultId, text: one.word.word, sentence: result.originalText, second, ...(one.to ? { from: one.from, to: one.to } : {}) };
    if (student.shareRecordings && second !== undefined) void load().then((found) => play(id, found.source, { from: Math.max(0, second * 1000 - BEFORE_MS) })).catch(() => {});
  };
  return html`<div class="open-result"><${WordChips} words=${words} chosen=${chosen.value} choose=${choose} label=${t("result.words")} />
    <p class="caption">${t("students.choose")}</p>
    ${student.shareRecordings ? html`<${PlayerRow} id=${id} load=${load} sound=${sound.value} label=${result.originalText} />` : null}
    <div><${Button} class="small" icon="repeat" onClick=${() => (anchor.value = { resultId: result.resultId, text: result.originalText, sentence: result.originalText, isSayAgain: true })}>${t("students.sayAgain")}</${Button}></div></div>`;
}

// How it was said: the words, the score, one's own voice beside the model's, and what to do next.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useMemo } from "preact/hooks";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { ScoreRing } from "../parts/score-ring.js";
import { PlayerRow } from "../voice/player-row.js";
import { VoiceChoice } from "../voice/voice-choice.js";
import { counted, t } from "../words/words.js";
import { ModelButtons } from "./model-voice.js";
import { ownSound } from "./own-sound.js";
import { WordChips } from "./word-chips.js";
import { WordDetail } from "./word-detail.js";
import { wordsOf, worstOf } from "./words-of.js";

/** @type {Record<string, string>} */
const MARKED = { mispronounced: "warn", extra: "extra" };

/** @param {{ item: import("./sets.js").Item, result: import("../api/contracts.js").Result, speak: () => void, next: () => void, isLast: boolean }} given */
export function ResultView({ item, result, speak, next, isLast }) {
  const words = useMemo(() => wordsOf(result), [result]);
  const chosen = useSignal(-1);
  const sound = useSignal(/** @type {import("../voice/sounds.js").Sound | null} */ (null));
  useEffect(() => {
    chosen.value = worstOf(words);
    sound.value = null;
    let isCurrent = true;
    ownSound(result).then((found) => isCurrent && (sound.value = found), () => {});
    return () => void (isCurrent = false);
  }, [result]);
  const load = async () => (sound.value ??= await ownSound(result));
  const marks = words.flatMap(({ word }) => (MARKED[word.status] && word.endMs ? [{ from: word.startMs ?? 0, to: word.endMs, kind: MARKED[word.status] ?? "" }] : []));
  const unclear = words.filter(({ word }) => word.status !== "correct").length;
  const one = words[chosen.value];
  return html`<div class="result"><div class="result-main">
      <p class="hidden-text" role="status">${result.grade ? t("result.score", { count: Math.round(result.overallScore) }) : t("result.noGrade")}. ${counted("result.unclear", unclear)}</p>
      <${WordChips} words=${words} chosen=${chosen.value} choose=${(/** @type {number} */ index) => (chosen.value = index)} label=${t("result.words")} />
      ${item.korean ? html`<p class="result-korean" lang="ko">${item.korean}</p>` : null}
      <${Numbers} result=${result} />
      <p class="advice" dir="auto">${result.feedback}</p>
      <div class="voices"><${PlayerRow} id="own-${result.resultId}" load=${load} sound=${sound.value} label=${t("result.mine")} marks=${marks} />
        <div class="voices-model"><${ModelButtons} text=${item.english} /><${VoiceChoice} /></div></div>
      ${one ? html`<${WordDetail} key=${one.index} one=${one} item=${item} load=${load} resultId=${result.resultId} />` : null}
    </div>
    <div class="result-foot"><${Button} kind="voice" class="large" icon="mic" onClick=${speak}>${t("practise.sayAgain")}</${Button}>
      <${Button} class="large next" onClick=${next} aria-label=${t(isLast ? "practise.finish" : "practise.next")}><span class="not-phone">${t(isLast ? "practise.finish" : "practise.next")}</span> <${Icon} name="chevron-right" /></${Button}>
      <span class="caption not-phone">${t("practise.keysResult")}</span></div>
  </div>`;
}

/** @param {{ result: import("../api/contracts.js").Result }} given */
function Numbers({ result }) {
  const percent = (/** @type {number} */ score) => `${Math.round(score)}%`;
  /** @type {[string, string, string?][]} */
  const facts = [
    [t("result.accuracy"), percent(result.wordAccuracy)],
    [t("result.completeness"), percent(result.completenessScore)],
    ...(result.fluencyScore === null || result.fluencyScore === undefined ? [] : [/** @type {[string, string]} */ ([t("result.fluency"), percent(result.fluencyScore)])]),
    [t("result.length"), (result.audioDurationMs / 1000).toFixed(1), t("unit.seconds")],
  ];
  return html`<div class="numbers"><${ScoreRing} score=${result.overallScore} grade=${result.grade} />
    <dl>${facts.map(([name, value, unit], index) => html`<div key=${name} class=${index === facts.length - 1 ? "not-phone" : ""}><dt>${name}</dt><dd class="figure">${value}${unit ? html`<small> ${unit}</small>` : null}</dd></div>`)}</dl></div>`;
}

// Beside a result: the set with its scores, how to read the marks, how far one has come.
import { html } from "htm/preact";
import { colourOfScore } from "../parts/score-ring.js";
import { t } from "../words/words.js";
import { goTo } from "./sets.js";

const MARKS = /** @type {const} */ (["ok", "unclear", "missed", "extra"]);

/** @param {{ set: import("./sets.js").PracticeSet }} given */
export function SetSide({ set }) {
  const scores = set.items[set.at]?.scores ?? [];
  const first = scores[0];
  const last = scores.at(-1);
  return html`<aside class="side set-side" aria-label=${t("practise.thisSet")}>
    <section><h2>${t("practise.thisSet")}</h2><ol class="set-list">${set.items.map(
      (one, index) => html`<li key=${index}><button type="button" aria-current=${index === set.at ? "step" : undefined} onClick=${() => goTo(index)}><span class="figure caption">${index + 1}</span>
        <span class="serif" lang="en">${one.english}</span><${Score} score=${one.scores.at(-1)} /></button></li>`,
    )}</ol></section>
    <section class="not-phone"><h2>${t("result.read")}</h2><ul class="legend">${MARKS.map((mark) => html`<li key=${mark}><i class="word-line ${mark}"></i>${t(`result.read.${mark}`)}</li>`)}</ul></section>
    ${first !== undefined && last !== undefined && scores.length > 1
      ? html`<p class="first-try">${t("result.firstTry")} <strong class="figure">${Math.round(first)}</strong> → <strong class="figure score ${colourOfScore(last)}">${Math.round(last)}</strong></p>`
      : null}
  </aside>`;
}

/** @param {{ score?: number }} given */
export function Score({ score }) {
  return score === undefined ? null : html`<strong class="figure score ${colourOfScore(score)}">${Math.round(score)}</strong>`;
}

// A score from 0 to 100 as a ring, with its number and grade inside.
import { html } from "htm/preact";
import { t } from "../words/words.js";

const RADIUS = 44;
const AROUND = 2 * Math.PI * RADIUS;

/** @param {number} score @returns {"ok" | "warn" | "bad"} */
export function colourOfScore(score) {
  return score >= 75 ? "ok" : score >= 50 ? "warn" : "bad";
}

/** @param {{ score: number, grade?: string | null }} given without a grade there is nothing to show but that */
export function ScoreRing({ score, grade }) {
  const shown = grade ? Math.round(score) : null;
  const words = shown === null ? t("result.noGrade") : `${t("result.score", { count: shown })}, ${t("result.grade", { grade: grade ?? "" })}`;
  return html`<span class="ring ${shown === null ? "" : colourOfScore(score)}" role="img" aria-label=${words}>
    <svg viewBox="0 0 96 96" width="96" height="96" aria-hidden="true"><circle class="ring-rest" cx="48" cy="48" r=${RADIUS} />
      ${shown ? html`<circle class="ring-score" cx="48" cy="48" r=${RADIUS} stroke-dasharray="${(shown / 100) * AROUND} ${AROUND}" transform="rotate(-90 48 48)" />` : null}</svg>
    <span class="ring-text" aria-hidden="true"><strong class="figure">${shown ?? "–"}</strong><small>${grade ? t("result.grade", { grade }) : t("result.noGradeShort")}</small></span>
  </span>`;
}

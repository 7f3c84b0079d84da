// Loudness as bars; a slider for keys and readers lies over it where one may seek.
import { html } from "htm/preact";
import { t } from "../words/words.js";
import { minutesAndSeconds } from "../words/times.js";

const STEP = 6;
const WIDTH = 3;
const HEIGHT = 40;

/** @typedef {{ from: number, to: number, kind: string }} Mark a stretch in milliseconds that is in question */

/**
 * @param {{ peaks: number[], positionMs: number, durationMs: number, nowMs?: number, marks?: Mark[], onSeek?: (positionMs: number) => void }} given
 *   `nowMs` is how much after the position is being heard, shown in the voice's colour
 */
export function Waveform({ peaks, positionMs, durationMs, nowMs = 0, marks = [], onSeek }) {
  const played = durationMs ? (positionMs / durationMs) * peaks.length : 0;
  const now = durationMs ? ((positionMs + nowMs) / durationMs) * peaks.length : 0;
  return html`<span class="waveform">
    <svg viewBox="0 0 ${peaks.length * STEP} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
      ${peaks.map((peak, index) => {
        const height = Math.max(4, peak * HEIGHT);
        const at = ((index + 0.5) / peaks.length) * durationMs;
        const state = index + 0.5 < played ? "played" : index + 0.5 < now ? "now" : (marks.find((one) => one.from <= at && at < one.to)?.kind ?? "");
        return html`<rect key=${index} class=${state} x=${index * STEP} y=${(HEIGHT - height) / 2} width=${WIDTH} height=${height} rx="1.5" />`;
      })}
    </svg>
    ${onSeek
      ? html`<input type="range" min="0" max=${Math.round(durationMs)} step="100" value=${Math.round(positionMs)} aria-label=${t("voice.position")}
          aria-valuetext=${minutesAndSeconds(positionMs / 1000)} onInput=${(/** @type {any} */ event) => onSeek(Number(event.currentTarget.value))} />`
      : null}
  </span>`;
}

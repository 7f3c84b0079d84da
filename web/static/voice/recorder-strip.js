// The microphone while it listens: how long, how loud, and the three ways to end it.
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button, IconButton } from "../parts/button.js";
import { minutesAndSeconds } from "../words/times.js";
import { t } from "../words/words.js";
import { MOST_SECONDS, discard, levels, recorder, stop } from "./recorder.js";

export const LAST_SECONDS = 10;
const SHOWN = 48;

export function RecorderStrip() {
  const { seconds } = recorder.value;
  const done = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    done.current?.querySelector(/** @type {any} */ ("button:last-child"))?.focus();
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, []);
  const isEnding = seconds > MOST_SECONDS - LAST_SECONDS;
  return html`<div class="recording" ref=${done}>
    <span class="figure recording-time">${minutesAndSeconds(seconds)}<span class="of"> / 1:00</span></span>
    <${Meter} />
    <span class="hidden-text" role="status">${isEnding ? t("voice.ending") : t("voice.listening")}</span>
    <${Button} kind="quiet" onClick=${discard}>${t("voice.discard")}</${Button}>
    <${IconButton} label=${t("voice.finish")} icon="square" kind="voice large" onClick=${stop} />
  </div>`;
}

/** Esc throws away, wherever the focus is. @param {KeyboardEvent} event */
function keys(event) {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  event.preventDefault();
  discard();
}

function Meter() {
  const shown = levels.value.slice(-SHOWN);
  return html`<svg class="meter" viewBox="0 0 288 40" preserveAspectRatio="none" aria-hidden="true">
    ${shown.map((level, index) => {
      const height = Math.max(4, level * 40);
      return html`<rect key=${index} x=${index * 6} y=${(40 - height) / 2} width="3" height=${height} rx="1.5" opacity=${0.4 + (0.6 * index) / 48} />`;
    })}
  </svg>`;
}

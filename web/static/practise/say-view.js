// One sentence, and one big button to say it.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Button, IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { playing } from "../voice/player.js";
import { MOST_LEVELS, MOST_SECONDS, discard, levels, recorder, stop } from "../voice/recorder.js";
import { LAST_SECONDS } from "../voice/recorder-strip.js";
import { SpokenText } from "../voice/spoken-text.js";
import { minutesAndSeconds } from "../words/times.js";
import { t } from "../words/words.js";
import { ModelButtons, modelId, modelOf } from "./model-voice.js";

/** @param {{ attempt: import("./attempt.js").Attempt, item: import("./sets.js").Item }} given */
export function SayView({ attempt, item }) {
  const now = playing.value?.id === modelId(item.english) ? playing.value : null;
  const isListening = recorder.value.name === "listening" && attempt.phase.value === "recording";
  return html`<div class="say">
    <div class="to-say"><p class="to-say-text"><${SpokenText} text=${item.english} words=${modelOf(item.english)?.words ?? []} positionMs=${now ? now.positionMs : null} /></p>
      ${item.korean ? html`<p class="to-say-korean" lang="ko">${item.korean}</p>` : null}<${ModelButtons} text=${item.english} /></div>
    <div class="say-foot">${isListening ? html`<${Listening} again=${() => attempt.again()} />` : attempt.phase.value === "hearing" ? html`<${Hearing} stage=${attempt.stage.value} />` : html`<${Ready} attempt=${attempt} />`}</div>
  </div>`;
}

/** @param {{ attempt: import("./attempt.js").Attempt }} given */
function Ready({ attempt }) {
  const isBlocked = recorder.value.name === "blocked";
  return html`${isBlocked ? html`<p class="composer-note bad" role="alert"><${Icon} name="mic-off" />${t("voice.blocked")}</p>` : null}
    ${attempt.problem.value ? html`<p class="composer-note bad" role="alert"><${Icon} name="circle-alert" /><span>${attempt.problem.value}</span></p>` : null}
    ${attempt.left.value
      ? html`<div class="left-recording"><span class="secondary">${t("voice.left")}</span><${Button} onClick=${() => attempt.hear(attempt.left.value)}>${t("practise.scoreAgain")}</${Button}>
          <${Button} kind="quiet" onClick=${() => attempt.throwAway()}>${t("voice.discard")}</${Button}></div>`
      : null}
    <${Button} kind="voice" class="large say-it" icon="mic" busy=${recorder.value.name === "asking"} onClick=${() => attempt.speak()}>${t("practise.say")}</${Button}>
    <p class="caption not-phone">${t("practise.keysReady")}</p>`;
}

/** @param {{ again: () => void }} given */
function Listening({ again }) {
  const { seconds } = recorder.value;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector(".stop-button"))?.focus();
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      discard();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  return html`<div class="listening" ref=${box}><${Meter} />
    <p class="listening-words"><strong>${t("practise.listening")}</strong> <span class="figure">${minutesAndSeconds(seconds)}<span class="of"> / ${minutesAndSeconds(MOST_SECONDS)}</span></span></p>
    <span class="hidden-text" role="status">${seconds > MOST_SECONDS - LAST_SECONDS ? t("voice.ending") : t("voice.listening")}</span>
    <div class="listening-buttons"><${IconButton} label=${t("voice.discard")} icon="x" class="circle" onClick=${discard} />
      <button type="button" class="stop-button" aria-pressed="true" aria-label=${t("voice.finish")} title=${t("voice.finish")} onClick=${stop}><${Icon} name="square" /></button>
      <${IconButton} label=${t("practise.again")} icon="rotate-ccw" class="circle" onClick=${again} /></div>
    <p class="caption"><span class="not-phone">${t("practise.keysListening")}</span><span class="only-phone">${t("practise.tap")}</span></p></div>`;
}

function Meter() {
  const shown = levels.value;
  return html`<svg class="meter wide" viewBox="0 0 ${MOST_LEVELS * 6} 60" aria-hidden="true">${Array.from({ length: MOST_LEVELS }, (_, index) => {
    const level = shown[index];
    const height = level === undefined ? 3 : Math.max(4, level * 60);
    return html`<rect key=${index} class=${level === undefined ? "to-come" : ""} x=${index * 6} y=${(60 - height) / 2} width="3" height=${height} rx="1.5" />`;
  })}</svg>`;
}

/** @param {{ stage: string }} given */
function Hearing({ stage }) {
  const words = stage === "aligned" || stage === "scored" ? t("practise.stageScoring") : stage === "heard" ? t("practise.stageHeard") : t("voice.hearing");
  return html`<div class="hearing-result" role="status"><span>${words}</span><progress aria-label=${words}></progress></div>`;
}

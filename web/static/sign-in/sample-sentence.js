// One sentence as the product treats every sentence: heard, with its words marked as they are spoken.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { Icon } from "../parts/icon.js";
import { pause, play, playing, seek } from "../voice/player.js";
import { SpokenText } from "../voice/spoken-text.js";
import { Waveform } from "../voice/waveform.js";
import { minutesAndSeconds } from "../words/times.js";
import { t } from "../words/words.js";
import { SAMPLE } from "./sample.js";

const SOURCE = new URL("./sample.mp3", import.meta.url).pathname;
const ID = "sample";
/** Where it stands before anybody has played it: in the middle of a word, so that one sees what is meant. */
const STILL_MS = 1250;

export function SampleSentence() {
  const position = useSignal(STILL_MS);
  const now = playing.value?.id === ID ? playing.value : null;
  if (now) position.value = now.positionMs;
  const isPlaying = Boolean(now && !now.isPaused);
  const over = () => (position.value = STILL_MS);
  const toggle = () => (isPlaying ? pause(ID) : play(ID, SOURCE, { then: over }));
  const label = t(isPlaying ? "welcome.pause" : "welcome.play");
  return html`<p class="sentence"><${SpokenText} text=${SAMPLE.text} words=${SAMPLE.words} positionMs=${position.value} /></p>
    <div class="player">
      <button type="button" class="round ${isPlaying ? "on" : ""}" aria-label=${label} title=${label} onClick=${toggle}>
        <${Icon} name=${isPlaying ? "pause" : "play"} /></button>
      <${Waveform} peaks=${SAMPLE.peaks} positionMs=${position.value} durationMs=${SAMPLE.durationMs} nowMs=${isPlaying || !now ? 400 : 0}
        onSeek=${now ? (/** @type {number} */ to) => seek(ID, to) : undefined} />
      <span class="secondary figure">${minutesAndSeconds(SAMPLE.durationMs / 1000)}</span>
    </div>`;
}

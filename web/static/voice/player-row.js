// A sound with its button, its loudness and its time.
import { html } from "htm/preact";
import { Icon } from "../parts/icon.js";
import { minutesAndSeconds } from "../words/times.js";
import { t } from "../words/words.js";
import { pause, play, playing, seek } from "./player.js";
import { Waveform } from "./waveform.js";

const STILL = Array.from({ length: 44 }, (_, index) => 0.25 + 0.2 * Math.abs(Math.sin(index * 1.7)));

/**
 * @param {{ id: string, load: () => Promise<import("./sounds.js").Sound>, sound: import("./sounds.js").Sound | null, isLoading?: boolean,
 *   label: string, marks?: import("./waveform.js").Mark[], children?: any }} given `load` is asked when it is played
 */
export function PlayerRow({ id, load, sound, isLoading = false, label, marks, children }) {
  const now = playing.value?.id === id ? playing.value : null;
  const isPlaying = Boolean(now && !now.isPaused);
  const toggle = async () => {
    if (isPlaying) return pause(id);
    const found = await load().catch(() => null);
    if (found) await play(id, found.source).catch(() => {});
  };
  const name = `${t(isPlaying ? "voice.pause" : "voice.play")}: ${label}`;
  const durationMs = sound?.durationMs ?? 0;
  return html`<div class="player">
    <button type="button" class="round ${isPlaying ? "on" : ""}" aria-label=${name} title=${t(isPlaying ? "voice.pause" : "voice.play")}
      aria-busy=${isLoading ? "true" : undefined} onClick=${toggle}><${Icon} name=${isPlaying ? "pause" : "play"} /></button>
    <${Waveform} peaks=${sound?.peaks ?? STILL} positionMs=${now?.positionMs ?? 0} durationMs=${durationMs} nowMs=${isPlaying ? 300 : 0} marks=${marks}
      onSeek=${now ? (/** @type {number} */ to) => seek(id, to) : undefined} />
    ${durationMs ? html`<span class="secondary figure">${now ? `${minutesAndSeconds(now.positionMs / 1000)} / ` : ""}${minutesAndSeconds(durationMs / 1000)}</span>` : null}
    ${children}
  </div>`;
}

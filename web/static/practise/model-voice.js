// The sentence as the model says it: at its speed, or slowly at the same pitch.
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { sentence } from "../api/problem.js";
import { toast } from "../frame/toasts.js";
import { voice } from "../keep/preferences.js";
import { Button } from "../parts/button.js";
import { pause, play, playing } from "../voice/player.js";
import { soundOfText } from "../voice/sounds.js";
import { t } from "../words/words.js";

const SLOW = 0.7;

/** @type {import("@preact/signals").Signal<{ text: string, sound: import("../voice/sounds.js").Sound } | null>} */
const latest = signal(null);
const loading = signal("");

/** @param {string} text */
export const modelId = (text) => `model/${text}`;

/** @param {string} text @returns {import("../voice/sounds.js").Sound | null} the model's sound, once it was asked for */
export function modelOf(text) {
  return latest.value?.text === text ? latest.value.sound : null;
}

/** @param {string} text @param {{ from?: number, until?: number, rate?: number }} [how] */
export async function playModel(text, how = {}) {
  loading.value = text;
  try {
    const sound = await soundOfText(text, voice.value.peek());
    latest.value = { text, sound };
    await play(modelId(text), sound.source, { from: 0, ...how });
  } catch (failure) {
    if (failure instanceof Error && failure.name !== "AbortError") toast(sentence(failure), { icon: "circle-alert" });
  } finally {
    loading.value = "";
  }
}

/** @param {{ text: string }} given */
export function ModelButtons({ text }) {
  const now = playing.value?.id === modelId(text) ? playing.value : null;
  const listen = (/** @type {number} */ rate) => (now && !now.isPaused ? pause(modelId(text)) : playModel(text, { rate }));
  return html`<span class="model-buttons"><${Button} icon="volume-2" busy=${loading.value === text} onClick=${() => listen(1)}>${t("practise.hear")}</${Button}>
    <${Button} icon="repeat" onClick=${() => listen(SLOW)}>${t("practise.slowly")}</${Button}></span>`;
}

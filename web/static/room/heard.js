// A message's words, and a player for them where somebody wants to hear them.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { sentence } from "../api/problem.js";
import { voice } from "../keep/preferences.js";
import { IconButton } from "../parts/button.js";
import { ProblemText } from "../parts/fields.js";
import { playing, play } from "../voice/player.js";
import { PlayerRow } from "../voice/player-row.js";
import { soundOfMessage } from "../voice/sounds.js";
import { SpokenText } from "../voice/spoken-text.js";
import { VoiceChoice } from "../voice/voice-choice.js";
import { t } from "../words/words.js";

/** @typedef {import("../voice/sounds.js").Sound} Sound */

/** @param {{ message: import("../api/contracts.js").Message, text: string, isOpen?: boolean }} given */
export function Heard({ message, text, isOpen = false }) {
  const opened = useSignal(isOpen);
  const sound = useSignal(/** @type {Sound | null} */ (null));
  const isLoading = useSignal(false);
  const problem = useSignal("");
  const id = message.messageId;
  const load = async () => {
    isLoading.value = true;
    problem.value = "";
    try {
      return (sound.value = await soundOfMessage(message.roomId, id, voice.value.peek()));
    } catch (failure) {
      problem.value = sentence(failure);
      throw failure;
    } finally {
      isLoading.value = false;
    }
  };
  const listen = async () => {
    opened.value = true;
    const found = await load().catch(() => null);
    if (found) await play(id, found.source).catch(() => {});
  };
  const isSpoken = opened.value && playing.value?.id === id;
  const positionMs = isSpoken ? /** @type {any} */ (playing.value).positionMs : null;
  return html`<p class="words" dir="auto"><${SpokenText} text=${text} words=${sound.value?.words ?? []} positionMs=${positionMs} /></p>
    ${opened.value
      ? html`<${PlayerRow} id=${id} load=${load} sound=${sound.value} isLoading=${isLoading.value} label=${text.slice(0, 60)}>
          <${VoiceChoice} onChange=${listen} /></${PlayerRow}>`
      : html`<${IconButton} label=${t("voice.listen")} icon="volume-2" class="listen" onClick=${listen} />`}
    <${ProblemText} id="sound-${id}" text=${problem.value} />`;
}

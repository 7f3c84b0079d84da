// Which voice reads; it is remembered on this device.
import { html } from "htm/preact";
import { voice } from "../keep/preferences.js";
import { Icon } from "../parts/icon.js";
import { t } from "../words/words.js";

/** @param {{ onChange?: () => void }} given */
export function VoiceChoice({ onChange }) {
  const changed = (/** @type {any} */ event) => {
    voice.choose(event.currentTarget.value);
    onChange?.();
  };
  return html`<span class="select pill"><select aria-label=${t("settings.voice")} value=${voice.value.value} onChange=${changed}>
    <option value="female">Joanna</option><option value="male">Matthew</option></select><${Icon} name="chevron-down" /></span>`;
}

import { html } from "htm/preact";
import { captions, singleKeys, voice } from "../keep/preferences.js";
import { Segments, Switch } from "../parts/fields.js";
import { t } from "../words/words.js";
import { Choice, Section } from "./section.js";

export function Sound() {
  const voices = [
    { value: "female", label: "Joanna" },
    { value: "male", label: "Matthew" },
  ];
  return html`<${Section} title=${t("settings.sound")}>
    <${Choice} label=${t("settings.voice")}><${Segments} name="voice" label=${t("settings.voice")} value=${voice.value.value} options=${voices} onValue=${voice.choose} /></${Choice}>
    <${Switch} label=${t("settings.captions")} hint=${t("settings.captionsHint")} checked=${captions.value.value === "on"}
      onValue=${(/** @type {boolean} */ on) => captions.choose(on ? "on" : "off")} />
    <${Switch} label=${t("settings.keys")} hint=${t("settings.keysHint")} checked=${singleKeys.value.value === "on"}
      onValue=${(/** @type {boolean} */ on) => singleKeys.choose(on ? "on" : "off")} />
  </${Section}>`;
}

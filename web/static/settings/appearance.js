import { html } from "htm/preact";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { accountChanged } from "../api/session.js";
import { theme } from "../keep/preferences.js";
import { Segments } from "../parts/fields.js";
import { language, speak, t } from "../words/words.js";
import { Choice, Section } from "./section.js";

export function Appearance() {
  const themes = /** @type {const} */ (["system", "light", "dark"]).map((value) => ({ value, label: t(`theme.${value}`) }));
  const languages = [
    { value: "en", label: html`<span lang="en">English</span>` },
    { value: "ko", label: html`<span lang="ko">한국어</span>` },
  ];
  return html`<${Section} title=${t("settings.appearance")}>
    <${Choice} label=${t("settings.language")}><${Segments} name="language" label=${t("settings.language")} value=${language.value} options=${languages} onValue=${chooseLanguage} /></${Choice}>
    <${Choice} label=${t("settings.theme")}><${Segments} name="theme" label=${t("settings.theme")} value=${theme.value.value} options=${themes} onValue=${theme.choose} /></${Choice}>
  </${Section}>`;
}

/** @param {import("../words/words.js").Language} wanted the account's too, so that notifications speak it */
async function chooseLanguage(wanted) {
  await speak(wanted);
  const changed = await api.updateAccount(call, { body: { language: wanted } }).catch(() => null);
  if (changed) accountChanged(changed);
}

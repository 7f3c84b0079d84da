// How long one means to speak a day.
import { html } from "htm/preact";
import { account } from "../api/session.js";
import { Segments } from "../parts/fields.js";
import { changeAccount } from "../tutors/sharing.js";
import { t } from "../words/words.js";
import { Choice, Section } from "./section.js";

const MINUTES = [10, 20, 30, 60];

export function Goal() {
  const goal = account.value?.dailyGoalMinutes ?? null;
  const known = goal === null || MINUTES.includes(goal) ? MINUTES : [...MINUTES, goal].sort((a, b) => a - b);
  const options = [{ value: "", label: t("goal.none") }, ...known.map((count) => ({ value: String(count), label: t("goal.minutes", { count }) }))];
  return html`<${Section} title=${t("goal.title")}><${Choice} label=${t("goal.label")}>
    <${Segments} name="goal" label=${t("goal.label")} value=${goal === null ? "" : String(goal)} options=${options} onValue=${(/** @type {string} */ value) => changeAccount({ dailyGoalMinutes: value ? Number(value) : null })} /></${Choice}></${Section}>`;
}

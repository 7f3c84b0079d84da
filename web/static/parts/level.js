// A level as three bars, always with its word.
import { html } from "htm/preact";
import { t } from "../words/words.js";

export const LEVELS = /** @type {const} */ (["beginner", "intermediate", "advanced"]);

/** @param {{ level: string, bare?: boolean }} given */
export function LevelBars({ level }) {
  const on = LEVELS.indexOf(/** @type {any} */ (level)) + 1;
  return html`<svg class="level-bars" viewBox="0 0 16 14" aria-hidden="true" width="16" height="14">
    <rect class=${on >= 1 ? "on" : ""} x="0" y="9" width="4" height="5" rx="1" />
    <rect class=${on >= 2 ? "on" : ""} x="6" y="5" width="4" height="9" rx="1" />
    <rect class=${on >= 3 ? "on" : ""} x="12" y="0" width="4" height="14" rx="1" />
  </svg>`;
}

/** @param {{ level: string }} given */
export function Level({ level }) {
  return html`<span class="level"><${LevelBars} level=${level} />${levelName(level)}</span>`;
}

/** @param {string} level */
export function levelName(level) {
  return t(/** @type {import("../words/words.js").Key} */ (`level.${level}`));
}

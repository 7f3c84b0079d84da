// A sentence as it was said: each word is a button that tells how; arrows go from word to word.
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { t } from "../words/words.js";
import { STATES } from "./words-of.js";

/** @typedef {import("./words-of.js").ShownWord} ShownWord */

/** @param {ShownWord} one @returns {string} "54 unclear", "missed", or nothing where it was clear */
export function stateText({ word }) {
  const state = STATES[word.status];
  if (state === "ok") return "";
  const name = t(`word.${state}`);
  return state === "unclear" ? `${Math.round(word.score ?? 0)} ${name}` : name;
}

/** @param {ShownWord} one @returns {string} "particularly, unclear, 54" */
function nameOf({ word }) {
  const score = word.score !== null && word.score !== undefined && word.status !== "missed" ? `, ${Math.round(word.score)}` : "";
  return `${word.word}, ${t(`word.${STATES[word.status]}`)}${score}`;
}

/** @param {{ words: ShownWord[], chosen: number, choose: (index: number) => void, label: string }} given */
export function WordChips({ words, chosen, choose, label }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const reached = chosen < 0 ? 0 : chosen;
  const keys = (/** @type {KeyboardEvent} */ event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (reached + step + words.length) % words.length;
    choose(next);
    /** @type {HTMLElement | undefined} */ (list.current?.children[next])?.focus();
  };
  return html`<p class="said-words" ref=${list} role="group" aria-label=${label} lang="en" onKeyDown=${keys}>${words.map(
    (one) => html`<button type="button" key=${one.index} class="word ${STATES[one.word.status]}" aria-label=${nameOf(one)} aria-pressed=${one.index === chosen}
      tabindex=${one.index === reached ? 0 : -1} onClick=${() => choose(one.index)}><span class="word-text">${one.text}</span>
      <span class="word-state">${stateText(one)}</span></button>`,
  )}</p>`;
}

// English as it is spoken: the word being said is marked, what was said is ink, what is to come is paler.
import { html } from "htm/preact";

/**
 * @param {{ text: string, words: import("../api/contracts.js").Word[], positionMs: number | null }} given `positionMs` is
 *   null where nothing is being spoken: the whole text is ink
 */
export function SpokenText({ text, words, positionMs }) {
  if (positionMs === null || !words.length) return html`<span class="spoken" lang="en">${text}</span>`;
  const index = currentWord(words, positionMs);
  const word = words[index];
  const from = word ? word.start : 0;
  const to = word ? word.end : 0;
  return html`<span class="spoken" lang="en">${text.slice(0, from)}${word ? html`<span class="now">${text.slice(from, to)}</span>` : null}<span
    class="to-come">${text.slice(to)}</span></span>`;
}

/**
 * @param {import("../api/contracts.js").Word[]} words in the order of their times
 * @param {number} positionMs
 * @returns {number} the last word that has begun; -1 before the first
 */
export function currentWord(words, positionMs) {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {any} */ (words[middle]).startMs <= positionMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

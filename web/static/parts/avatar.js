// Who somebody is at a glance: a picture, else their initials in a colour that stays theirs.
import { html } from "htm/preact";

const COLOURS = ["", "plum", "ok", "warn", "extra"];

/** @param {string} text @returns {string} at most two letters, or the end of a Korean name */
export function initials(text) {
  const words = text.trim().split(/\s+/u).filter(Boolean);
  const first = [...(words[0] ?? "?")];
  if (/\p{Script=Hangul}/u.test(text)) return first.slice(first.length > 2 ? 1 : 0).slice(0, 2).join("");
  const second = words.length > 1 ? [...(words.at(-1) ?? "")][0] : "";
  return `${first[0] ?? "?"}${second ?? ""}`.toUpperCase();
}

/** @param {string} id @returns {string} */
function colourOf(id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return /** @type {string} */ (COLOURS[sum % COLOURS.length]);
}

/** @param {{ name: string, id?: string, hue?: number, size?: string, picture?: string | null, single?: boolean }} given `hue` where several stand together */
export function Avatar({ name, id = name, hue, size = "", picture, single = false }) {
  if (picture) return html`<img class="avatar ${size}" src=${picture} alt="" />`;
  const letters = initials(name);
  return html`<span class="avatar ${size} ${hue === undefined ? colourOf(id) : COLOURS[hue % COLOURS.length]}" aria-hidden="true">${single ? [...letters][0] : letters}</span>`;
}

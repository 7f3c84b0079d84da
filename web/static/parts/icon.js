// Icons: one sprite; beside words they are for eyes only.
import { html } from "htm/preact";

const SPRITE = new URL("../vendor/icons.svg", import.meta.url).pathname;
const FILLED = new Set(["play", "pause", "square"]);

/** @param {{ name: string, class?: string }} given */
export function Icon({ name, class: more = "" }) {
  const filled = FILLED.has(name) ? "filled" : "";
  return html`<svg class="icon ${filled} ${more}" aria-hidden="true" focusable="false"><use href="${SPRITE}#${name}"></use></svg>`;
}

export function Logo() {
  return html`<svg class="logo" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
    <rect class="tile" width="64" height="64" rx="14" />
    <g class="bar"><rect x="14" y="24" width="6" height="14" rx="3" /><rect x="24.5" y="16" width="6" height="22" rx="3" />
    <rect x="34" y="22" width="6" height="16" rx="3" /><rect x="44" y="14" width="6" height="24" rx="3" />
    <rect x="13" y="44" width="38" height="5" rx="2.5" opacity=".6" /></g>
  </svg>`;
}

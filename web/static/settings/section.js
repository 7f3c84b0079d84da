import { html } from "htm/preact";
import { useId } from "preact/hooks";

/** @param {{ title: string, children?: any }} given */
export function Section({ title, children }) {
  const id = useId();
  return html`<section class="setting" aria-labelledby=${id}><h2 id=${id}>${title}</h2><div class="setting-body">${children}</div></section>`;
}

/** @param {{ label: string, children?: any }} given a choice with its label above */
export function Choice({ label, children }) {
  return html`<div class="field"><span class="field-label">${label}</span><div>${children}</div></div>`;
}

// Short words at the bottom: what has happened, never what needs an answer. They stay while one is on them.
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { Icon } from "../parts/icon.js";

/** @typedef {{ id: number, text: string, icon: string, action?: { label: string, href: string } }} Toast */

const LASTS_MS = 6_000;
/** @type {import("@preact/signals").Signal<Toast[]>} */
const toasts = signal([]);
let last = 0;

/** @param {string} text @param {{ icon?: string, action?: Toast["action"] }} [more] */
export function toast(text, { icon = "circle-check", action } = {}) {
  last += 1;
  toasts.value = [...toasts.value.slice(-2), { id: last, text, icon, action }];
  letGo(last);
}

/** @param {number} id */
function letGo(id) {
  const timer = setTimeout(() => (toasts.value = toasts.value.filter((one) => one.id !== id)), LASTS_MS);
  timers.set(id, timer);
}

/** @type {Map<number, any>} */
const timers = new Map();

export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map(
      (one) => html`<div class="toast" key=${one.id} onMouseEnter=${() => clearTimeout(timers.get(one.id))} onMouseLeave=${() => letGo(one.id)}
        onFocusIn=${() => clearTimeout(timers.get(one.id))} onFocusOut=${() => letGo(one.id)}>
        <${Icon} name=${one.icon} /><span dir="auto">${one.text}</span>
        ${one.action ? html`<a class="button plain small" href=${one.action.href}>${one.action.label}</a>` : null}
      </div>`,
    )}
  </div>`;
}

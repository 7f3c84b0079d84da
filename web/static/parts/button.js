// Buttons: what they are called stays while they work.
import { html } from "htm/preact";
import { Icon } from "./icon.js";

/**
 * @param {{ kind?: string, icon?: string, busy?: boolean, children?: any, class?: string, [more: string]: any }} given
 */
export function Button({ kind = "plain", icon, busy = false, children, class: more = "", onClick, ...rest }) {
  const pressed = (/** @type {Event} */ event) => (busy ? event.preventDefault() : onClick?.(event));
  return html`<button type="button" class="button ${kind} ${more}" aria-busy=${busy ? "true" : undefined} onClick=${pressed} ...${rest}>
    ${icon ? html`<${Icon} name=${icon} />` : null}${children}
  </button>`;
}

/**
 * A button that is an icon; its name is read aloud and shown as a tooltip.
 * @param {{ label: string, icon: string, kind?: string, class?: string, [more: string]: any }} given
 */
export function IconButton({ label, icon, kind = "", class: more = "", ...rest }) {
  return html`<button type="button" class="button only ${kind} ${more}" aria-label=${label} title=${label} ...${rest}><${Icon} name=${icon} /></button>`;
}

// Nothing here, something wrong, or waiting: an icon, a sentence, one action.
import { html } from "htm/preact";
import { Icon } from "./icon.js";

/** @param {{ icon: string, title: string, text?: string, kind?: string, children?: any }} given */
export function StateCard({ icon, title, text, kind = "", children }) {
  return html`<div class="state ${kind}" role=${kind === "bad" ? "alert" : undefined}>
    <${Icon} name=${icon} /><strong>${title}</strong>${text ? html`<p>${text}</p>` : null}${children}
  </div>`;
}

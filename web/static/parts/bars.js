// Somebody is speaking: bars in the voice's colour.
import { html } from "htm/preact";

/** @param {{ moving?: boolean }} given */
export function Bars({ moving = false }) {
  return html`<span class="bars ${moving ? "moving" : ""}" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></span>`;
}

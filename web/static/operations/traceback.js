// A traceback with its lines numbered; the line that raised stands out, and all of it can be copied.
import { html } from "htm/preact";
import { Button } from "../parts/button.js";
import { t } from "../words/words.js";

/** @param {{ text: string }} given */
export function Traceback({ text }) {
  const lines = text.replace(/\n+$/u, "").split("\n");
  const raised = lines.findLastIndex((line) => /^\s+\S/u.test(line));
  return html`<div class="traceback-box"><${Button} kind="quiet" class="small" icon="copy" onClick=${() => navigator.clipboard?.writeText(text)}>${t("letters.copy")}</${Button}>
    <ol class="traceback" tabindex="0" role="region" aria-label=${t("letters.view.traceback")}>${lines.map((line, index) => html`<li key=${index} class=${index === lines.length - 1 ? "last" : index === raised ? "raised" : ""}><code dir="ltr">${line || " "}</code></li>`)}</ol></div>`;
}

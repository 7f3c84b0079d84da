// A chart in its card; the same data as a table on demand.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useId } from "preact/hooks";
import { t } from "../words/words.js";

/** @param {{ title: string, subtitle?: string, heads: string[], rows: string[][], children?: any }} given */
export function Chart({ title, subtitle, heads, rows, children }) {
  const isTable = useSignal(false);
  const id = useId();
  return html`<section class="chart-card" aria-labelledby=${id}><div class="chart-head"><div><h2 id=${id}>${title}</h2>${subtitle ? html`<p class="secondary">${subtitle}</p>` : null}</div>
      ${rows.length ? html`<button type="button" class="link" aria-expanded=${isTable.value} onClick=${() => (isTable.value = !isTable.value)}>${t(isTable.value ? "progress.asChart" : "progress.asTable")}<span class="hidden-text">: ${title}</span></button>` : null}</div>
    ${isTable.value ? html`<div class="table-box" tabindex="0" role="region" aria-label=${title}><table><thead><tr>${heads.map((head) => html`<th scope="col" key=${head}>${head}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr key=${row[0]}><th scope="row">${row[0]}</th>${row.slice(1).map((cell, index) => html`<td class="figure" key=${index}>${cell}</td>`)}</tr>`)}</tbody></table></div>` : children}
  </section>`;
}

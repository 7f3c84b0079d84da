// The groups with their colours: each is a filter.
import { html } from "htm/preact";
import { t } from "../words/words.js";
import { colourIndex } from "./colours.js";

/** @param {{ atlas: import("./atlas.js").Atlas }} given */
export function Legend({ atlas }) {
  const clusters = [...atlas.clusters.values()].sort((a, b) => b.size - a.size);
  return html`<ul class="map-legend" aria-label=${t("map.groups")}>${clusters.map(
    (one) => html`<li key=${one.id}><button type="button" aria-pressed=${!atlas.filters.value.hidden.has(one.id)} onClick=${() => atlas.toggle(one.id)}><i class="cluster-${colourIndex(one.id)}"></i><span dir="auto">${one.name}</span><span class="figure secondary">${one.size}</span></button></li>`,
  )}</ul>`;
}

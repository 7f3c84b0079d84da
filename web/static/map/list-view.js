// The same data as a table: what the canvas shows, in words.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { dayName } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { titleOf } from "./atlas.js";
import { colourIndex } from "./colours.js";

/** @typedef {import("./types.js").MapNode} MapNode */
/** @typedef {"title" | "group" | "links" | "time"} Column */

const AT_ONCE = 100;

/** @param {{ atlas: import("./atlas.js").Atlas, choose: (id: number | null) => void }} given */
export function ListView({ atlas, choose }) {
  const by = useSignal(/** @type {{ column: Column, isDown: boolean } | null} */ (null));
  const most = useSignal(AT_ONCE);
  /** @type {Record<Column, (one: MapNode) => string | number>} */
  const values = {
    title: (one) => titleOf(one).toLowerCase(),
    group: (one) => atlas.clusters.get(one.clusterId)?.name ?? "",
    links: (one) => atlas.neighbours.get(one.id)?.length ?? 0,
    time: (one) => one.timestamp ?? "",
  };
  const listed = atlas.listed();
  if (by.value) {
    const { column, isDown } = by.value;
    const value = values[column];
    listed.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * (isDown ? -1 : 1));
  }
  const sort = (/** @type {Column} */ column) => (by.value = { column, isDown: by.value?.column === column ? !by.value.isDown : column === "links" || column === "time" });
  const head = (/** @type {Column} */ column, more = "") => {
    const order = by.value?.column === column ? (by.value.isDown ? "descending" : "ascending") : "none";
    return html`<th scope="col" class=${more} aria-sort=${order}><button type="button" onClick=${() => sort(column)}>${t(`map.column.${column}`)}${order === "none" ? null : html`<${Icon} name=${order === "descending" ? "arrow-down" : "arrow-up"} />`}</button></th>`;
  };
  return html`<div class="map-list" tabindex="0" role="region" aria-label=${t("map.list")}><table><thead><tr>${head("title")}${head("group", "not-phone")}${head("links")}${head("time")}</tr></thead><tbody>${listed.slice(0, most.value).map(
    (one) => html`<tr key=${one.id} class=${atlas.chosen.value === one.id ? "chosen" : ""}><th scope="row"><button type="button" class="link serif" onClick=${() => choose(one.id)}><span dir="auto">${titleOf(one)}</span></button></th>
      <td class="not-phone"><i class="cluster-${colourIndex(one.clusterId)}"></i><span dir="auto">${atlas.clusters.get(one.clusterId)?.name}</span></td><td class="figure">${values.links(one)}</td><td>${one.timestamp ? dayName(one.timestamp) : ""}</td></tr>`,
  )}</tbody></table>
    ${listed.length ? null : html`<p class="secondary">${t("map.nothing")}</p>`}
    ${listed.length > most.value ? html`<p class="load-more"><${Button} onClick=${() => (most.value += AT_ONCE)}>${counted("map.more", listed.length - most.value)}</${Button}></p>` : null}</div>`;
}

// Beside the map: its table of contents, filters, what is new, taking it along, and the other maps.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { call } from "../api/client.js";
import { download, save } from "../api/download.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { address, go } from "../frame/router.js";
import { toast } from "../frame/toasts.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { Field, ProblemText, Segments, Switch } from "../parts/fields.js";
import { dayName } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { ALL, titleOf } from "./atlas.js";
import { colourIndex } from "./colours.js";

/** @typedef {import("./atlas.js").Atlas} Atlas */
/** @typedef {import("./types.js").MapItem} MapItem */

const FORMATS = ["csv", "graphml", "gexf", "json"];

/** @param {{ atlas: Atlas, map: MapItem, maps: MapItem[], newMap: any, choose: (id: number | null) => void, reload: () => Promise<unknown>, gone: () => void }} given */
export function ContentsPanel({ atlas, map, maps, newMap, choose, reload, gone }) {
  return html`<${Contents} atlas=${atlas} choose=${choose} /><${FilterChoices} atlas=${atlas} /><${TakeAlong} atlas=${atlas} map=${map} />
    ${maps.length > 1 ? html`<section><h2>${t("map.others")}</h2><ul class="rows other-maps">${maps.map((one) => html`<li key=${one.graphId}><a href=${address(`/map/${one.graphId}`)} aria-current=${one.graphId === map.graphId ? "true" : undefined}><span dir="auto">${one.name || t("map.title")}</span><span class="caption">${dayName(one.readyAt ?? one.createdAt)}</span></a></li>`)}</ul></section>` : null}
    <section class="only-phone">${newMap}</section><${Changes} map=${map} reload=${reload} gone=${gone} />`;
}

/** @param {{ atlas: Atlas, choose: (id: number | null) => void }} given */
function Contents({ atlas, choose }) {
  const clusters = [...atlas.clusters.values()].sort((a, b) => b.size - a.size);
  return html`<section><h2>${t("map.contents")}</h2><ul class="contents">${clusters.map(
    (cluster) => html`<li key=${cluster.id}><details><summary><i class="cluster-${colourIndex(cluster.id)}"></i><span dir="auto">${cluster.name}</span><span class="figure caption">${cluster.size}</span></summary>
      <ul>${atlas.data.graph.subclusters.filter((one) => one.clusterId === cluster.id).map((one) => {
        const first = one.representativeNodeId ?? atlas.data.nodes.find((node) => node.subclusterId === one.id)?.id;
        return html`<li key=${one.id}><button type="button" class="link" onClick=${() => first !== undefined && choose(first)}><span dir="auto">${one.name}</span></button> <span class="figure caption">${one.size}</span></li>`;
      })}</ul></details></li>`,
  )}</ul></section>`;
}

/** @param {{ atlas: Atlas }} given */
function FilterChoices({ atlas }) {
  const filters = atlas.filters.value;
  const count = (/** @type {"isNew" | "outlier"} */ what) => atlas.data.nodes.filter((one) => one[what]).length;
  const [fresh, outliers] = [count("isNew"), count("outlier")];
  const languages = [{ value: "", label: t("rooms.all") }, { value: "en", label: html`<span lang="en">English</span>` }, { value: "ko", label: html`<span lang="ko">한국어</span>` }];
  const day = (/** @type {"from" | "to"} */ which) => (/** @type {string} */ value) => atlas.filter({ [which]: value });
  return html`<section class="map-filters"><h2>${t("map.filters")}</h2>
    <${Segments} name="map-language" label=${t("settings.language")} value=${filters.language} options=${languages} onValue=${(/** @type {string} */ language) => atlas.filter({ language })} />
    <div class="map-days"><${Field} id="map-from" label=${t("map.from")} type="date" value=${filters.from} onValue=${day("from")} /><${Field} id="map-to" label=${t("map.to")} type="date" value=${filters.to} onValue=${day("to")} /></div>
    ${fresh ? html`<${Switch} label=${counted("map.newOnly", fresh)} checked=${filters.isNewOnly} onValue=${(/** @type {boolean} */ isNewOnly) => atlas.filter({ isNewOnly })} />` : null}
    ${outliers ? html`<${Switch} label=${counted("map.outlierOnly", outliers)} checked=${filters.isOutlierOnly} onValue=${(/** @type {boolean} */ isOutlierOnly) => atlas.filter({ isOutlierOnly })} />` : null}
    <p class="secondary" role="status">${t("map.shown", { count: atlas.visible.value.size, all: atlas.data.nodes.length })}
      ${filters === ALL ? null : html` <button type="button" class="link" onClick=${() => (atlas.filters.value = ALL)}>${t("map.showAll")}</button>`}</p></section>`;
}

/** The whole map as others read it, or just what was picked out. @param {{ atlas: Atlas, map: MapItem }} given */
function TakeAlong({ atlas, map }) {
  const format = useSignal("csv");
  const busy = useSignal(false);
  const { language, from, to } = atlas.filters.value;
  const take = async () => {
    busy.value = true;
    const query = { format: format.value, language, from: from ? `${from}T00:00:00Z` : "", to: to ? `${to}T23:59:59Z` : "" };
    await download(`/api/graphs/${encodeURIComponent(map.graphId)}`, `speaktracker-map.${format.value}`, query).catch((failure) => toast(sentence(failure), { icon: "circle-alert" }));
    busy.value = false;
  };
  const picked = atlas.picked.value;
  return html`<section><h2>${t("map.take")}</h2><div class="map-take"><${Segments} name="map-format" label=${t("map.format")} value=${format.value} options=${FORMATS.map((value) => ({ value, label: value.toUpperCase() }))} onValue=${(/** @type {string} */ value) => (format.value = value)} />
    <div class="dialog-actions"><${Button} icon="download" busy=${busy.value} onClick=${take}>${t("map.takeAll")}</${Button}>
      ${picked?.size ? html`<${Button} icon="download" onClick=${() => save(tableOf(atlas), "speaktracker-selection.csv")}>${counted("map.takePicked", picked.size)}</${Button}>` : null}</div></div></section>`;
}

/** @param {Atlas} atlas @returns {Blob} what is picked out, as a table; a cell that a spreadsheet would take for a formula is quoted as text */
function tableOf(atlas) {
  const cell = (/** @type {unknown} */ value) => `"${String(value ?? "").replace(/^[=+\-@\t\r]/u, "'$&").replaceAll('"', '""')}"`;
  const rows = atlas.listed().map((one) => [one.origId, one.kind, titleOf(one), atlas.clusters.get(one.clusterId)?.name, one.timestamp, one.language]);
  const lines = [["origId", "kind", "title", "cluster", "timestamp", "language"], ...rows].map((row) => row.map(cell).join(","));
  return new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" });
}

/** @param {{ map: MapItem, reload: () => Promise<unknown>, gone: () => void }} given */
function Changes({ map, reload, gone }) {
  const name = useSignal(map.name);
  const isRemoving = useSignal(false);
  const problem = useSignal("");
  const rename = async (/** @type {Event} */ event) => {
    event.preventDefault();
    await api.renameGraph(call, { path: { graphId: map.graphId }, body: { name: name.value.trim() } }).then(() => toast(t("settings.saved")), (failure) => (problem.value = sentence(failure)));
    await reload();
  };
  const remove = async () => {
    try {
      await api.removeGraph(call, { path: { graphId: map.graphId } });
      isRemoving.value = false;
      gone();
      await reload();
      go("/map", { replace: true });
    } catch (failure) {
      problem.value = sentence(failure);
    }
  };
  return html`<section class="map-changes"><form class="setting-row" onSubmit=${rename}><${Field} id="map-name" label=${t("map.name")} required maxlength="100" dir="auto" value=${name.value} onValue=${(/** @type {string} */ value) => (name.value = value)} />
      <${Button} type="submit" disabled=${!name.value.trim() || name.value.trim() === map.name}>${t("settings.save")}</${Button}></form><${ProblemText} id="map-problem" text=${problem.value} />
    <div><${Button} kind="danger" icon="trash-2" onClick=${() => (isRemoving.value = true)}>${t("map.remove")}</${Button}></div>
    ${isRemoving.value ? html`<${Dialog} title=${t("map.removeTitle")} onClose=${() => (isRemoving.value = false)}><div class="stack"><p>${t("map.removeText")}</p><div class="dialog-actions"><${Button} autofocus onClick=${() => (isRemoving.value = false)}>${t("frame.cancel")}</${Button}><${Button} kind="danger sure" onClick=${remove}>${t("map.remove")}</${Button}></div></div></${Dialog}>` : null}</section>`;
}

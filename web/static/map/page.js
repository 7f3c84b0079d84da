// The map of what one talks about: one's maps, the one that is looked at, and making another.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { onFrame } from "../live/channel.js";
import { Button } from "../parts/button.js";
import { StateCard } from "../parts/state.js";
import { t } from "../words/words.js";
import { Atlas } from "./atlas.js";
import { MakingMap } from "./making.js";
import { MapPage } from "./map-page.js";
import { NewMap } from "./new-map.js";

/** @typedef {import("./types.js").MapItem} MapItem */

/** @param {{ parts: string[] }} given */
export function Page({ parts: [wanted] }) {
  const maps = useSignal(/** @type {MapItem[] | null} */ (null));
  const atlas = useSignal(/** @type {Atlas | null} */ (null));
  const problem = useSignal("");
  const isMaking = useSignal(false);
  const reload = () => api.listGraphs(call, { query: { limit: 100 } }).then((page) => (maps.value = /** @type {MapItem[]} */ (page.graphs)), (failure) => (problem.value = sentence(failure)));
  useEffect(() => {
    void reload();
    return onFrame("graph_ready", () => void reload());
  }, []);
  const ready = maps.value?.filter((one) => one.status === "READY") ?? [];
  const shown = ready.find((one) => one.graphId === wanted) ?? ready[0];
  const id = shown?.graphId;
  useEffect(() => {
    if (!id || atlas.peek()?.data.graphId === id) return;
    problem.value = "";
    api.showGraph(call, { path: { graphId: id } }).then((data) => (atlas.value = new Atlas(/** @type {any} */ (data))), (failure) => (problem.value = sentence(failure)));
  }, [id]);
  const making = maps.value?.filter((one) => one.status === "CREATING") ?? [];
  const newMap = html`<${Button} class="compact" icon="upload" onClick=${() => (isMaking.value = true)}>${t("map.new")}</${Button}>`;
  const extras = html`${making.map((one) => html`<${MakingMap} key=${one.graphId} map=${one} reload=${reload} />`)}${isMaking.value ? html`<${NewMap} onClose=${() => (isMaking.value = false)} onAsked=${reload} />` : null}`;
  if (atlas.value && shown && atlas.value.data.graphId === id) {
    return html`<${MapPage} key=${id} atlas=${atlas.value} map=${shown} maps=${ready} newMap=${newMap} reload=${reload} gone=${() => (atlas.value = null)} extras=${extras} />`;
  }
  return html`<${Layout} title=${t("map.title")} actions=${ready.length ? newMap : null}>
    ${problem.value ? html`<${StateCard} icon="wifi-off" kind="warn" title=${problem.value}><${Button} onClick=${reload}>${t("frame.retry")}</${Button}></${StateCard}>` : null}
    ${maps.value && !ready.length ? html`<${Empty} maps=${maps.value} make=${() => (isMaking.value = true)} />` : problem.value ? null : html`<p class="secondary" role="status">${t("frame.loading")}</p>`}
    ${extras}
  </${Layout}>`;
}

/** @param {{ maps: MapItem[], make: () => void }} given */
function Empty({ maps, make }) {
  const failed = maps[0]?.status === "FAILED" ? maps[0] : null;
  if (maps.some((one) => one.status === "CREATING")) return null;
  return html`<${StateCard} icon=${failed ? "circle-alert" : "waypoints"} kind=${failed ? "warn" : ""} title=${t(failed ? "map.failed" : "map.none")} text=${failed ? failedText(failed.reason) : t("map.noneText")}>
    <${Button} kind="primary" icon="upload" onClick=${make}>${t("map.new")}</${Button}></${StateCard}>`;
}

/** @param {string | null | undefined} reason */
function failedText(reason) {
  return reason === "NO_CONVERSATIONS" || reason === "TOO_FEW" ? t("map.tooFew") : t("map.failedText");
}

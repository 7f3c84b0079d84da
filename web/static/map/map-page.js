// One map: the canvas or the same data as a list, and beside it what is chosen, or its contents.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { toast } from "../frame/toasts.js";
import { Button, IconButton } from "../parts/button.js";
import { Segments } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { clockTime, dayName } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { Canvas } from "./canvas.js";
import { ContentsPanel } from "./contents-panel.js";
import { Legend } from "./legend.js";
import { ListView } from "./list-view.js";
import { NodePanel } from "./node-panel.js";

/** @typedef {import("./atlas.js").Atlas} Atlas */

/** @param {{ atlas: Atlas, map: import("./types.js").MapItem, maps: import("./types.js").MapItem[], newMap: any, reload: () => Promise<unknown>, gone: () => void, extras: any }} given */
export function MapPage({ atlas, map, maps, newMap, reload, gone, extras }) {
  const view = useSignal("map");
  const isSideOpen = useSignal(false);
  const at = map.readyAt ?? map.createdAt;
  const chosen = atlas.chosen.value === null ? undefined : atlas.nodes.get(atlas.chosen.value);
  const choose = (/** @type {number | null} */ id) => (atlas.chosen.value = id);
  const views = [{ value: "map", label: t("nav.map") }, { value: "list", label: t("map.list") }];
  const subtitle = html`<span dir="auto">${map.name} · ${counted("map.nodes", atlas.data.nodes.length)} · ${t("map.made", { when: `${dayName(at, true)}, ${clockTime(at)}` })}</span>`;
  const actions = html`<${Search} atlas=${atlas} /><${Segments} name="map-view" label=${t("map.view")} value=${view.value} options=${views} onValue=${(/** @type {string} */ value) => (view.value = value)} />
    <span class="not-phone">${newMap}</span><${IconButton} label=${t("map.contents")} icon="list-filter" class="only-narrow" aria-expanded=${isSideOpen.value} onClick=${() => (isSideOpen.value = !isSideOpen.value)} />`;
  const isOpen = isSideOpen.value || Boolean(chosen);
  const close = () => {
    isSideOpen.value = false;
    choose(null);
  };
  return html`<${Layout} title=${t("map.title")} subtitle=${subtitle} actions=${actions} bodyClass="with-side map-body">
    <div class="map-main">${view.value === "map" ? html`<${Canvas} atlas=${atlas} choose=${choose} onFail=${() => (view.value = "list")} />` : html`<${ListView} atlas=${atlas} choose=${choose} />`}<${Legend} atlas=${atlas} />${extras}</div>
    ${isSideOpen.value && !chosen ? html`<button type="button" class="scrim" aria-label=${t("frame.close")} onClick=${() => (isSideOpen.value = false)}></button>` : null}
    <aside class="side map-side ${isOpen ? "open" : ""} ${chosen ? "node-open" : ""}" aria-label=${chosen ? t("map.chosen") : t("map.contents")}>${chosen
      ? html`<${NodePanel} key=${chosen.id} atlas=${atlas} node=${chosen} choose=${choose} close=${close} />`
      : html`<${ContentsPanel} atlas=${atlas} map=${map} maps=${maps} newMap=${newMap} choose=${choose} reload=${reload} gone=${gone} />`}</aside>
  </${Layout}>`;
}

/** By words at once; by meaning with Enter. @param {{ atlas: Atlas }} given */
function Search({ atlas }) {
  const busy = useSignal(false);
  const seek = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    await atlas.seekMeaning().catch((failure) => toast(sentence(failure), { icon: "circle-alert" }));
    busy.value = false;
  };
  const text = atlas.search.value;
  return html`<form class="map-search" role="search" onSubmit=${seek}><div class="with-icon"><${Icon} name="search" />
      <input class="input" type="search" data-search aria-label=${t("map.search")} placeholder=${t("map.search")} maxlength="500" value=${text} onInput=${(/** @type {any} */ event) => atlas.seek(event.currentTarget.value)} /></div>
    ${text.trim() ? html`<p class="map-found" role="status">${atlas.nearest.value ? t("map.byMeaning") : counted("map.found", atlas.picked.value?.size ?? 0)}
      ${atlas.nearest.value ? null : html`<${Button} kind="quiet" class="small" type="submit" icon="scan-search" busy=${busy.value}>${t("map.seekMeaning")}</${Button}>`}</p>` : null}</form>`;
}

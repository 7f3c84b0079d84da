// A chosen node: what it is, why it is joined with others in their own words, and practising it.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { account } from "../api/session.js";
import { address, go } from "../frame/router.js";
import { Button, IconButton } from "../parts/button.js";
import { startSet } from "../practise/sets.js";
import { dayName } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { titleOf } from "./atlas.js";
import { colourIndex } from "./colours.js";

/** @typedef {import("./types.js").MapNode} MapNode */
/** @typedef {import("./atlas.js").Neighbour} Neighbour */

const MOST_NEIGHBOURS = 12;

/** @param {{ atlas: import("./atlas.js").Atlas, node: MapNode, choose: (id: number | null) => void, close: () => void }} given */
export function NodePanel({ atlas, node, choose, close }) {
  const some = atlas.neighbours.get(node.id) ?? [];
  const explained = useSignal(/** @type {Neighbour | null} */ (some[0] ?? null));
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const isStudent = account.value?.role === "student";
  const practise = () => {
    if (node.kind !== "phrase" || !node.better) return go(`/practise?topic=${encodeURIComponent(titleOf(node).slice(0, 100))}`);
    startSet(t("map.practiseTitle"), [{ english: node.better }]);
    go("/practise/set");
  };
  return html`<section class="node-panel"><div class="node-head"><span class="secondary"><i class="cluster-${colourIndex(node.clusterId)}"></i><span dir="auto">${atlas.clusters.get(node.clusterId)?.name}</span></span><${IconButton} label=${t("frame.close")} icon="x" onClick=${close} /></div>
      <h2 class="node-title serif" ref=${heading} tabindex="-1" dir="auto">${titleOf(node)}</h2><p class="secondary">${facts(node)}</p>
      ${node.kind === "phrase" && node.said ? html`<p class="was"><span class="secondary">${t("report.youSaid")}</span>${" "}<span class="serif" dir="auto">${node.said}</span></p>` : null}
      ${node.why ? html`<p class="secondary" dir="auto">${node.why}</p>` : null}</section>
    ${explained.value ? html`<${Why} node=${node} other=${explained.value} />` : null}
    ${some.length > 1 ? html`<section><h3>${t("map.also")}</h3><ul class="rows joined">${some.filter((one) => one !== explained.value).slice(0, MOST_NEIGHBOURS).map(
      (one) => html`<li key=${one.node.id}><button type="button" class="joined-why" onClick=${() => (explained.value = one)}><span class="serif" dir="auto">${titleOf(one.node)}</span><span class="hidden-text">: ${t("map.why")}</span></button>
        <${IconButton} label="${t("map.goThere")}: ${titleOf(one.node)}" icon="chevron-right" onClick=${() => choose(one.node.id)} /></li>`,
    )}</ul></section>` : null}
    ${isStudent ? html`<div class="node-foot"><${Button} icon="mic" class="wide" onClick=${practise}>${t(node.kind === "phrase" ? "map.practisePhrase" : "map.practiseTopic")}</${Button}></div>` : html`<a class="hidden-text" href=${address("/map")}>${t("nav.map")}</a>`}`;
}

/** @param {MapNode} node */
function facts(node) {
  const parts = [node.kind === "phrase" ? counted("map.saidTimes", node.count ?? 1) : counted("map.messages", node.messages ?? 0)];
  if (node.timestamp) parts.push(dayName(node.timestamp, true));
  if (node.isNew) parts.push(t("map.isNew"));
  if (node.outlier) parts.push(t("map.isOutlier"));
  return parts.join(" · ");
}

/** Why two are joined: the words that both use, and a sentence of each. @param {{ node: MapNode, other: Neighbour }} given */
function Why({ node, other: { node: other, edge } }) {
  const shared = edge.shared ?? [];
  const quotes = edge.quotes ?? [];
  const ordered = edge.source === node.id ? quotes : [...quotes].reverse();
  return html`<section class="why"><h3>${t("map.joinedWith", { title: titleOf(other) })}</h3>
    <p class="secondary">${shared.length ? html`${t("map.sharedWords")} <span class="serif" dir="auto">${shared.join(", ")}</span>` : t(edge.type === "phrase" ? "map.phraseOf" : "map.nearMeaning")}</p>
    ${ordered.map((quote, index) => html`<blockquote key=${index}><p class="serif" dir="auto"><${Marked} text=${quote} words=${shared} /></p><footer class="caption" dir="auto">${titleOf(index ? other : node)}</footer></blockquote>`)}</section>`;
}

/** @param {{ text: string, words: string[] }} given the words are bold */
function Marked({ text, words }) {
  const wanted = words.filter(Boolean).map((one) => one.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&"));
  if (!wanted.length) return text;
  const parts = text.split(new RegExp(`(${wanted.join("|")})`, "giu"));
  return html`${parts.map((part, index) => (index % 2 ? html`<b key=${index}>${part}</b>` : part))}`;
}

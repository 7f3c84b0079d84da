// The workers: what they listen to, how full they are, when they were last heard; and what can be done to them.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { Button } from "../parts/button.js";
import { t } from "../words/words.js";
import { DrainDialog } from "./drain-dialog.js";
import { GrowDialog } from "./grow-dialog.js";
import { age } from "./numbers.js";
import { isDraining, isSilent, nodeOf, secondsSince, workers } from "./watch.js";

/** @typedef {import("./watch.js").WorkerItem} WorkerItem */

/** @param {{ isSteered?: boolean }} given */
export function WorkersTable({ isSteered = false }) {
  const growing = useSignal(/** @type {WorkerItem | null} */ (null));
  const draining = useSignal(/** @type {WorkerItem | null} */ (null));
  const all = workers.value;
  if (!all) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  const hasHosts = new Set(all.map((one) => one.host)).size > 1;
  const row = (/** @type {WorkerItem} */ one) => html`<${WorkerRow} key=${nodeOf(one)} one=${one} hasHosts=${hasHosts} isSteered=${isSteered} grow=${() => (growing.value = one)} drain=${() => (draining.value = one)} />`;
  return html`<div class="table-box wide" tabindex="0" role="region" aria-label=${t("nav.workers")}><table class="ops-table"><thead><tr><th scope="col">${t("ops.worker")}</th><th scope="col" class="left not-phone">${t("ops.queue")}</th><th scope="col" class="left not-phone">${t("ops.pool")}</th><th scope="col" class="not-phone">${t("ops.tasks")}</th><th scope="col" class="not-phone">${t("ops.done")}</th><th scope="col">${t("ops.heard")}</th><th scope="col">${t("ops.state")}</th>${isSteered ? html`<th scope="col"><span class="hidden-text">${t("ops.steer")}</span></th>` : null}</tr></thead>
    <tbody>${all.map(row)}</tbody></table></div>
    ${growing.value ? html`<${GrowDialog} one=${growing.value} onClose=${() => (growing.value = null)} />` : null}
    ${draining.value ? html`<${DrainDialog} one=${draining.value} onClose=${() => (draining.value = null)} />` : null}`;
}

/** @param {{ one: WorkerItem, hasHosts: boolean, isSteered: boolean, grow: () => void, drain: () => void }} given */
function WorkerRow({ one, hasHosts, isSteered, grow, drain }) {
  const seconds = secondsSince(one.heardAt);
  const state = isSilent(one) ? "silent" : isDraining(one) ? "draining" : one.running ? "working" : "idle";
  const kind = { silent: "bad", draining: "warn", working: "outline", idle: "outline" }[state];
  const isReached = state === "working" || state === "idle";
  const name = html`<span class="hidden-text"> ${one.name}</span>`;
  return html`<tr><th scope="row"><code>${one.name}</code>${hasHosts ? html` <span class="secondary">${one.host}</span>` : null}</th><td class="left not-phone"><code>${one.queues.join(", ") || "–"}</code></td><td class="left not-phone">${one.pool} ×${one.places}</td>
    <td class="figure not-phone">${one.running}</td><td class="figure not-phone">${one.done}</td><td class="figure ${state === "silent" ? "bad" : ""}">${age(seconds)}</td><td><span class="chip ${kind}">${t(`ops.state.${state}`)}</span></td>
    ${isSteered ? html`<td class="steer">${isReached && one.pool === "prefork" ? html`<${Button} kind="quiet" class="small" onClick=${grow}>${t("ops.grow")}${name}</${Button}>` : null}${isReached ? html`<${Button} kind="quiet" class="small" onClick=${drain}>${t("ops.drain")}${name}</${Button}>` : null}</td>` : null}</tr>`;
}

// The workers: what they listen to, how full they are, when they were last heard.
import { html } from "htm/preact";
import { t } from "../words/words.js";
import { age } from "./numbers.js";
import { isSilent, secondsSince, unattended, workers } from "./watch.js";

export function WorkersTable() {
  const all = workers.value;
  if (!all) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  return html`${unattended.value.length ? html`<p class="secondary bad">${t("ops.nobodyListens", { queues: unattended.value.join(", ") })}</p>` : null}
    <div class="table-box wide" tabindex="0" role="region" aria-label=${t("nav.workers")}><table class="ops-table"><thead><tr><th scope="col">${t("ops.worker")}</th><th scope="col" class="left not-phone">${t("ops.queue")}</th><th scope="col" class="left not-phone">${t("ops.pool")}</th><th scope="col">${t("ops.tasks")}</th><th scope="col" class="not-phone">${t("ops.done")}</th><th scope="col">${t("ops.heard")}</th><th scope="col">${t("ops.state")}</th></tr></thead>
    <tbody>${all.map((one) => html`<${WorkerRow} key=${one.name} one=${one} />`)}</tbody></table></div>`;
}

/** @param {{ one: import("./watch.js").WorkerItem }} given */
function WorkerRow({ one }) {
  const silent = isSilent(one);
  const seconds = secondsSince(one.heardAt);
  const state = silent ? "silent" : one.running ? "working" : "idle";
  return html`<tr><th scope="row"><code>${one.name}</code></th><td class="left not-phone"><code>${one.queues.join(", ")}</code></td><td class="left not-phone">${one.pool} ×${one.places}</td>
    <td class="figure">${one.running}</td><td class="figure not-phone">${one.done}</td><td class="figure ${silent ? "bad" : ""}">${age(seconds)}</td><td><span class="chip ${silent ? "bad" : "outline"}">${t(`ops.state.${state}`)}</span></td></tr>`;
}

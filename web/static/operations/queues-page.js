// Queues and workers on one page: what waits, how long, where it is heading, who works on it.
import { html } from "htm/preact";
import { Page as Layout } from "../frame/page.js";
import { Icon } from "../parts/icon.js";
import { counted, named, t } from "../words/words.js";
import { LiveSince, Worst } from "./live.js";
import { Numbers, age } from "./numbers.js";
import { Sparkline } from "./sparkline.js";
import { groups, queues, samples } from "./watch.js";
import { WorkersTable } from "./workers-table.js";

/** @param {string} queue @returns {string} without what only says that it keeps an order */
const plainName = (queue) => queue.replace(/\.fifo$/u, "");

export function QueuesPage() {
  return html`<${Layout} title=${t("ops.queuesTitle")} actions=${html`<${LiveSince} />`} bodyClass="ops-body"><${Numbers} /><div class="ops-inner"><${Worst} /><${QueuesTable} />
    <h2 class="ops-head">${t("nav.workers")}</h2><${WorkersTable} /></div></${Layout}>`;
}

function QueuesTable() {
  const all = queues.value;
  if (!all) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  return html`<div class="table-box wide" tabindex="0" role="region" aria-label=${t("nav.queues")}><table class="ops-table"><thead><tr><th scope="col">${t("ops.queue")}</th><th scope="col" class="left">${t("ops.since")}</th><th scope="col">${t("ops.waiting")}</th><th scope="col">${t("ops.oldest")}</th><th scope="col" class="not-phone">${t("ops.inFlight")}</th><th scope="col" class="not-phone">${t("nav.workers")}</th><th scope="col">${t("ops.dead")}</th></tr></thead>
    <tbody>${all.map((one) => html`<${QueueRow} key=${one.queue} one=${one} />`)}</tbody></table></div>`;
}

/** @param {{ one: import("./watch.js").QueueItem }} given */
function QueueRow({ one }) {
  const isLate = (one.oldestSeconds ?? 0) > one.tooLongSeconds;
  const dead = (groups.value ?? []).filter((group) => group.queue === one.queue).reduce((sum, group) => sum + group.count, 0) + one.deadLetters;
  const kind = isLate ? "warn" : "";
  return html`<tr><th scope="row"><code>${one.queue}</code> <span class="secondary">${named("ops.queue", plainName(one.queue), "ops.queue.other")}</span></th>
    <td class="left trend"><${Sparkline} values=${samples.value[one.queue] ?? []} kind=${kind} /><${Trend} one=${one} /></td>
    <td class="figure ${kind}">${one.depth}</td><td class="figure ${kind}">${age(one.oldestSeconds)}</td><td class="figure not-phone">${one.inFlight}</td><td class="figure not-phone ${one.workers ? "" : "bad"}">${one.workers}</td><td class="figure ${dead ? "bad" : "rest"}">${dead}</td></tr>`;
}

/** @param {{ one: import("./watch.js").QueueItem }} given */
function Trend({ one }) {
  if (one.trend !== "rising" && one.trend !== "falling") return html`<span class="hidden-text">${t(`ops.trend.${one.trend}`)}</span>`;
  const change = Math.round(Math.abs(one.changePerMinute ?? 0));
  return html`<span class="caption trend-${one.trend}"><${Icon} name=${one.trend === "rising" ? "arrow-up" : "arrow-down"} />${counted(`ops.trend.${one.trend}`, change)}</span>`;
}

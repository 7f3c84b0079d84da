// Queues and workers on one page: what waits, how long, where it is heading, who works on it.
import { html } from "htm/preact";
import { Page as Layout } from "../frame/page.js";
import { address } from "../frame/router.js";
import { Icon } from "../parts/icon.js";
import { counted, named, t } from "../words/words.js";
import { LiveSince, Worst } from "./live.js";
import { Numbers, age } from "./numbers.js";
import { Sparkline } from "./sparkline.js";
import { groups, isDraining, isSilent, queues, workers } from "./watch.js";
import { WorkersTable } from "./workers-table.js";

/** @param {string} queue @returns {string} without what only says that it keeps an order */
const plainName = (queue) => queue.replace(/\.fifo$/u, "");

export function QueuesPage() {
  return html`<${Layout} title=${t("ops.queuesTitle")} actions=${html`<${LiveSince} />`} bodyClass="ops-body"><${Numbers} /><div class="ops-inner"><${Worst} /><${QueuesTable} />
    <h2 class="ops-head not-phone">${t("nav.workers")}</h2><div class="not-phone"><${WorkersTable} /></div><${WorkersInShort} /></div></${Layout}>`;
}

function QueuesTable() {
  const all = queues.value;
  if (!all) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  return html`<div class="table-box wide" tabindex="0" role="region" aria-label=${t("nav.queues")}><table class="ops-table queues"><thead><tr><th scope="col">${t("ops.queue")}</th><th scope="col" class="left">${t("ops.since")}</th><th scope="col">${t("ops.waiting")}</th><th scope="col" class="not-phone">${t("ops.oldest")}</th><th scope="col" class="not-phone">${t("ops.inFlight")}</th><th scope="col" class="not-phone">${t("nav.workers")}</th><th scope="col" class="not-phone">${t("ops.dead")}</th></tr></thead>
    <tbody>${all.map((one) => html`<${QueueRow} key=${one.queue} one=${one} />`)}</tbody></table></div>`;
}

/** @param {{ one: import("./watch.js").QueueItem }} given */
function QueueRow({ one }) {
  const isLate = (one.oldestSeconds ?? 0) > one.tooLongSeconds;
  const dead = (groups.value ?? []).filter((group) => group.queue === one.queue).reduce((sum, group) => sum + group.count, 0) + one.deadLetters;
  const kind = isLate ? "warn" : "";
  return html`<tr><th scope="row"><code>${one.queue}</code> <span class="secondary">${named("ops.queue", plainName(one.queue), "ops.queue.other")}</span></th>
    <td class="left trend"><${Sparkline} values=${[...one.recent, one.depth]} kind=${kind} /><${Trend} one=${one} /></td>
    <td class="figure ${kind}">${one.depth}<span class="only-phone under ${dead && !isLate ? "bad" : kind || "rest"}">${dead && !isLate ? t("ops.deadOfIt", { count: dead }) : age(one.oldestSeconds)}</span></td><td class="figure not-phone ${kind}">${age(one.oldestSeconds)}</td><td class="figure not-phone">${one.inFlight}</td><td class="figure not-phone ${one.workers ? "" : "bad"}">${one.workers}</td><td class="figure not-phone ${dead ? "bad" : "rest"}">${dead}</td></tr>`;
}

/** The workers in one row, for phones. */
function WorkersInShort() {
  const all = workers.value ?? [];
  const silent = all.filter(isSilent).length;
  const draining = all.filter((one) => !isSilent(one) && isDraining(one)).length;
  return html`<a class="only-phone workers-short" href=${address("/operations/workers")}><strong>${t("nav.workers")} ${all.length}</strong>
    ${silent ? html`<span class="chip bad">${t("ops.state.silent")} ${silent}</span>` : null}${draining ? html`<span class="chip warn">${t("ops.state.draining")} ${draining}</span>` : null}<${Icon} name="chevron-right" /></a>`;
}

/** @param {{ one: import("./watch.js").QueueItem }} given */
function Trend({ one }) {
  if (one.trend !== "rising" && one.trend !== "falling") return html`<span class="hidden-text">${t(`ops.trend.${one.trend}`)}</span>`;
  const change = Math.round(Math.abs(one.changePerMinute ?? 0));
  return html`<span class="caption trend-${one.trend}"><${Icon} name=${one.trend === "rising" ? "arrow-up" : "arrow-down"} />${counted(`ops.trend.${one.trend}`, change)}</span>`;
}

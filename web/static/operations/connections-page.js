// Open connections by kind and gateway.
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { Page as Layout } from "../frame/page.js";
import { t } from "../words/words.js";
import { LiveSince } from "./live.js";
import { age } from "./numbers.js";
import { connections, heardAt, lookAtConnections, secondsSince } from "./watch.js";

export function ConnectionsPage() {
  useEffect(() => void lookAtConnections(), [heardAt.value]);
  const found = connections.value;
  return html`<${Layout} title=${t("nav.connections")} actions=${html`<${LiveSince} />`} bodyClass="ops-body"><div class="ops-inner">${found
    ? html`<dl class="progress-numbers"><div><dt>${t("ops.sockets")}</dt><dd class="figure">${found.total}</dd></div><div><dt>${t("ops.roomSockets")}</dt><dd class="figure">${found.room}</dd></div><div><dt>${t("ops.userSockets")}</dt><dd class="figure">${found.user}</dd></div></dl>
      <div class="table-box wide" tabindex="0" role="region" aria-label=${t("nav.connections")}><table class="ops-table"><thead><tr><th scope="col">${t("ops.gateway")}</th><th scope="col">${t("ops.roomSockets")}</th><th scope="col">${t("ops.userSockets")}</th><th scope="col">${t("ops.heard")}</th></tr></thead><tbody>${found.gateways.map(
        (one) => html`<tr key=${one.gatewayId}><th scope="row"><code>${one.gatewayId}</code></th><td class="figure">${one.room}</td><td class="figure">${one.user}</td><td class="figure">${age(secondsSince(one.heardAt))}</td></tr>`,
      )}</tbody></table></div>`
    : html`<p class="secondary" role="status">${t("frame.loading")}</p>`}</div></${Layout}>`;
}

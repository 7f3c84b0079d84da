// The workers alone, which are grown and drained here.
import { html } from "htm/preact";
import { Page as Layout } from "../frame/page.js";
import { t } from "../words/words.js";
import { LiveSince, Worst } from "./live.js";
import { WorkersTable } from "./workers-table.js";

export function WorkersPage() {
  return html`<${Layout} title=${t("nav.workers")} actions=${html`<${LiveSince} />`} bodyClass="ops-body"><div class="ops-inner"><${Worst} /><${WorkersTable} isSteered /><p class="secondary">${t("ops.growing")}</p></div></${Layout}>`;
}

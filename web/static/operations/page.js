// What operators see: queues, workers, dead letters, connections, budgets.
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { account } from "../api/session.js";
import { Page as Layout } from "../frame/page.js";
import { StateCard } from "../parts/state.js";
import { t } from "../words/words.js";
import { BudgetsPage } from "./budgets-page.js";
import { ConnectionsPage } from "./connections-page.js";
import { LettersPage } from "./letters-page.js";
import { QueuesPage } from "./queues-page.js";
import { startWatch } from "./watch.js";
import { WorkersPage } from "./workers-page.js";

/** @type {Record<string, (given: { parts: string[] }) => any>} */
const VIEWS = { queues: QueuesPage, workers: WorkersPage, "dead-letters": LettersPage, connections: ConnectionsPage, budgets: BudgetsPage };

/** @param {{ parts: string[] }} given */
export function Page({ parts: [view = "queues", ...parts] }) {
  const isOperator = Boolean(account.value?.isOperator);
  useEffect(() => (isOperator ? startWatch() : undefined), [isOperator]);
  if (!isOperator) return html`<${Layout} title=${t("nav.queues")}><${StateCard} icon="lock" title=${t("problem.FORBIDDEN")} /></${Layout}>`;
  const View = VIEWS[view] ?? QueuesPage;
  return html`<${View} parts=${parts} />`;
}

// What people spent on a day, and how near they are to its end.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { Button } from "../parts/button.js";
import { Field, ProblemText } from "../parts/fields.js";
import { StateCard } from "../parts/state.js";
import { named, t } from "../words/words.js";

/** @typedef {{ kind: string, used: number, limit: number, state: string }} Budget */
/** @typedef {{ userId: string, date: string, budgets: Budget[] }} Spent */

export function BudgetsPage() {
  const date = useSignal(new Date().toISOString().slice(0, 10));
  const items = useSignal(/** @type {Spent[] | null} */ (null));
  const cursor = useSignal(/** @type {string | null} */ (null));
  const problem = useSignal("");
  const load = async (/** @type {boolean} */ isFirst) => {
    try {
      const page = await api.listBudgets(call, { query: { date: date.value, cursor: isFirst ? null : cursor.value } });
      items.value = [...(isFirst ? [] : (items.value ?? [])), ...page.budgets];
      cursor.value = page.nextCursor ?? null;
      problem.value = "";
    } catch (failure) {
      problem.value = sentence(failure);
    }
  };
  useEffect(() => {
    if (date.value) void load(true);
  }, [date.value]);
  return html`<${Layout} title=${t("nav.budgets")} bodyClass="ops-body"><div class="ops-inner"><div class="budget-day"><${Field} id="budget-day" label=${t("ops.day")} type="date" value=${date.value} onValue=${(/** @type {string} */ value) => (date.value = value)} /></div>
    <${ProblemText} id="budgets-problem" text=${problem.value} />
    ${items.value && !items.value.length ? html`<${StateCard} icon="gauge" title=${t("ops.noSpending")} />` : null}
    ${items.value?.length ? html`<div class="table-box wide" tabindex="0" role="region" aria-label=${t("nav.budgets")}><table class="ops-table"><thead><tr><th scope="col">${t("ops.person")}</th><th scope="col" class="left">${t("ops.what")}</th><th scope="col">${t("ops.used")}</th><th scope="col">${t("ops.limit")}</th><th scope="col">${t("ops.state")}</th></tr></thead><tbody>${items.value.flatMap((one) =>
      one.budgets.map((budget) => html`<tr key="${one.userId}/${budget.kind}"><th scope="row"><code>${one.userId.slice(0, 8)}</code></th><td class="left">${budget.kind}</td><td class="figure">${budget.used}</td><td class="figure">${budget.limit}</td><td><span class="chip ${budget.state === "ok" ? "outline" : budget.state === "spent" ? "bad" : "warn"}">${named("ops.budget", budget.state, "ops.budget.ok")}</span></td></tr>`),
    )}</tbody></table></div>` : null}
    ${cursor.value ? html`<p class="load-more"><${Button} onClick=${() => load(false)}>${t("rooms.older")}</${Button}></p>` : null}</div></${Layout}>`;
}

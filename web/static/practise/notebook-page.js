// The mistake notebook: what practice, the partner and tutors found, in one list; what is known leaves what is due.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import { download } from "../api/download.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { go } from "../frame/router.js";
import { toast } from "../frame/toasts.js";
import { Button } from "../parts/button.js";
import { Segments, Switch } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { StateCard } from "../parts/state.js";
import { counted, t } from "../words/words.js";
import { EntryRow } from "./entry-row.js";
import { startSet } from "./sets.js";

/** @typedef {import("../api/contracts.js").NotebookEntry} NotebookEntry */

const KINDS = /** @type {const} */ (["", "pronunciation", "correction", "feedback"]);
const MOST_AT_ONCE = 10;

export function NotebookPage() {
  const kind = useSignal("");
  const isDue = useSignal(false);
  const entries = useSignal(/** @type {NotebookEntry[] | null} */ (null));
  const cursor = useSignal(/** @type {string | null} */ (null));
  const problem = useSignal("");
  const busy = useSignal(false);
  const load = async (/** @type {boolean} */ isFirst) => {
    const wanted = `${kind.value}/${isDue.value}`;
    busy.value = true;
    try {
      const query = { kind: /** @type {Wire.MistakeKind | ""} */ (kind.value), due: isDue.value || undefined, cursor: isFirst ? null : cursor.value };
      const page = await api.listNotebook(call, { query });
      if (wanted !== `${kind.value}/${isDue.value}`) return;
      entries.value = [...(isFirst ? [] : (entries.value ?? [])), ...page.entries];
      cursor.value = page.nextCursor ?? null;
      problem.value = "";
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  useEffect(() => {
    entries.value = null;
    void load(true);
  }, [kind.value, isDue.value]);
  const know = async (/** @type {NotebookEntry} */ one) => {
    try {
      const changed = await api.markKnown(call, { path: { entryId: one.entryId }, body: { known: !one.known } });
      entries.value = entries.value?.map((other) => (other.entryId === one.entryId ? changed : other)) ?? null;
    } catch (failure) {
      toast(sentence(failure), { icon: "circle-alert" });
    }
  };
  const open = (entries.value ?? []).filter((one) => !one.known);
  const practise = (/** @type {NotebookEntry[]} */ some) => {
    startSet(t("practise.notebook"), some.map(({ better }) => ({ english: better })));
    go("/practise/set");
  };
  const kinds = KINDS.map((value) => ({ value, label: t(/** @type {any} */ (`notebook.kind.${value || "all"}`)) }));
  return html`<${Layout} title=${t("practise.notebook")} subtitle=${t("notebook.lead")} back="/practise" actions=${html`<${Export} />`}>
    <div class="notebook-head"><${Segments} name="kind" label=${t("notebook.kind")} value=${kind.value} options=${kinds} onValue=${(/** @type {string} */ value) => (kind.value = value)} />
      <${Switch} label=${t("notebook.due")} checked=${isDue.value} onValue=${(/** @type {boolean} */ value) => (isDue.value = value)} />
      ${open.length ? html`<${Button} kind="voice" icon="mic" onClick=${() => practise(open.slice(0, MOST_AT_ONCE))}>${counted("notebook.practise", Math.min(open.length, MOST_AT_ONCE))}</${Button}>` : null}</div>
    <${List} entries=${entries.value} isDue=${isDue.value} problem=${problem.value} retry=${() => load(true)} know=${know} practise=${practise} />
    ${cursor.value ? html`<p class="load-more"><${Button} busy=${busy.value} onClick=${() => load(false)}>${t("rooms.older")}</${Button}></p>` : null}
  </${Layout}>`;
}

/** @param {{ entries: NotebookEntry[] | null, isDue: boolean, problem: string, retry: () => void, know: (one: NotebookEntry) => void, practise: (some: NotebookEntry[]) => void }} given */
function List({ entries, isDue, problem, retry, know, practise }) {
  if (problem && !entries) return html`<${StateCard} icon="wifi-off" kind="warn" title=${problem}><${Button} onClick=${retry}>${t("frame.retry")}</${Button}></${StateCard}>`;
  if (!entries) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  if (!entries.length) return html`<${StateCard} icon="book-open" title=${t(isDue ? "notebook.noneDue" : "notebook.none")} text=${t(isDue ? "notebook.noneDueText" : "notebook.noneText")} />`;
  return html`<ul class="rows notebook">${entries.map((one) => html`<${EntryRow} key=${one.entryId} one=${one} know=${know} practise=${practise} />`)}</ul>`;
}

function Export() {
  const busy = useSignal("");
  const take = async (/** @type {"csv" | "anki"} */ format) => {
    busy.value = format;
    const name = format === "csv" ? "speaktracker-notebook.csv" : "speaktracker-notebook.apkg";
    await download("/api/notebook/export", name, { format }).catch((failure) => toast(sentence(failure), { icon: "circle-alert" }));
    busy.value = "";
  };
  return html`<span class="exports"><${Button} class="compact" busy=${busy.value === "csv"} onClick=${() => take("csv")} aria-label=${t("notebook.csv")}><${Icon} name="download" />CSV</${Button}>
    <${Button} class="compact" busy=${busy.value === "anki"} onClick=${() => take("anki")} aria-label=${t("notebook.anki")}><${Icon} name="download" />Anki</${Button}></span>`;
}

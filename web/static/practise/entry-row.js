// One entry of the notebook: what was said, what is better and why, how often, when it is due.
import { html } from "htm/preact";
import { Button, IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { dayName } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { playModel } from "./model-voice.js";
import { Score } from "./set-side.js";

/** @typedef {import("../api/contracts.js").NotebookEntry} NotebookEntry */

/** @type {Record<NotebookEntry["kind"], string>} */
const COLOURS = { pronunciation: "voice", correction: "warn", feedback: "accent" };

/** @param {{ one: NotebookEntry, know: (one: NotebookEntry) => void, practise: (some: NotebookEntry[]) => void }} given */
export function EntryRow({ one, know, practise }) {
  const isSame = one.said.trim().toLowerCase() === one.better.trim().toLowerCase();
  return html`<li class="entry ${one.known ? "known" : ""}"><div class="entry-words">
      ${one.said && !isSame ? html`<p class="was"><span class="secondary">${t("report.youSaid")}</span>${" "}<span class="serif" lang="en" dir="auto">${one.said}</span></p>` : null}
      <p class="is serif" lang="en" dir="auto">${one.better}</p>
      ${one.why ? html`<p class="secondary" dir="auto">${one.why}</p>` : null}
      <p class="entry-facts"><span class="chip ${COLOURS[one.kind]}">${t(`notebook.kind.${one.kind}`)}</span><${Score} score=${one.lastScore ?? undefined} />
        <span class="secondary">${counted("notebook.times", Math.max(one.count, 1))} · ${one.known ? t("notebook.known") : dueText(one.dueAt)}</span></p></div>
    <div class="entry-actions"><${IconButton} label="${t("voice.listen")}: ${one.better}" icon="volume-2" class="plain" onClick=${() => playModel(one.better)} />
      <${IconButton} label="${t("practise.say")}: ${one.better}" icon="mic" class="plain" onClick=${() => practise([one])} />
      <${Button} kind="quiet" class="small" aria-pressed=${one.known} onClick=${() => know(one)}>${one.known ? html`<${Icon} name="check" />` : null}${t("notebook.know")}<span class="hidden-text"> · ${one.better}</span></${Button}></div></li>`;
}

/** @param {string} dueAt */
function dueText(dueAt) {
  return Date.parse(dueAt) <= Date.now() ? t("notebook.dueNow") : t("notebook.dueOn", { day: dayName(dueAt, true) });
}

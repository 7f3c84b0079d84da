// Letters of one cause.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { clockTime, dayKey, dayName } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { select, selected } from "./letters.js";

const FIRST = 3;

/** @param {string} at */
export function shortTime(at) {
  return dayKey(at) === dayKey(Date.now()) ? clockTime(at) : `${dayName(at)}, ${clockTime(at)}`;
}

/** @param {{ group: import("./letters.js").Group, chosen: string | undefined, choose: (id: string) => void }} given */
export function GroupRow({ group, chosen, choose }) {
  const isAll = useSignal(false);
  const { letters } = group;
  const first = /** @type {import("./letters.js").LetterItem} */ (letters[0]);
  const ids = letters.map((one) => one.id);
  const name = first.task ?? t("letters.unreadable");
  const shown = isAll.value ? letters : letters.slice(0, FIRST);
  const isOn = ids.every((id) => selected.value.has(id));
  const isSome = !isOn && ids.some((id) => selected.value.has(id));
  return html`<li class="letter-group"><div class="group-head"><input type="checkbox" aria-label="${t("letters.selectAll")}: ${name}" checked=${isOn} indeterminate=${isSome} onChange=${(/** @type {any} */ event) => select(ids, event.currentTarget.checked)} />
      <button type="button" class="group-text" aria-current=${letters.length === 1 && first.id === chosen ? "true" : undefined} onClick=${() => choose(first.id)}><code>${name}</code><span class="group-error" dir="auto">${first.error}</span>
        <span class="caption">${first.queue} · ${letters.length > 1 ? t("letters.sameCause", { when: shortTime(letters.reduce((least, one) => (one.firstAt < least ? one.firstAt : least), first.firstAt)) }) : counted("letters.attempts", first.attempts)}</span></button>
      ${letters.length > 1 ? html`<span class="chip bad">×${letters.length}</span>` : html`<span class="caption figure">${shortTime(first.lastAt)}</span>`}</div>
    ${letters.length > 1
      ? html`<ul>${shown.map((one) => html`<li key=${one.id} class="letter-row ${one.id === chosen ? "chosen" : ""}"><input type="checkbox" aria-label="${t("letters.select")}: ${one.id}" checked=${selected.value.has(one.id)} onChange=${(/** @type {any} */ event) => select([one.id], event.currentTarget.checked)} />
          <button type="button" aria-current=${one.id === chosen ? "true" : undefined} onClick=${() => choose(one.id)}><code>${shortTime(one.lastAt)}</code><span class="caption">${one.id.slice(-8)}</span><span class="secondary">${counted("letters.attempts", one.attempts)}</span></button></li>`)}</ul>
        ${letters.length > FIRST ? html`<button type="button" class="link more-letters" aria-expanded=${isAll.value} onClick=${() => (isAll.value = !isAll.value)}>${isAll.value ? t("letters.fewer") : counted("map.more", letters.length - FIRST)}</button>` : null}`
      : null}</li>`;
}

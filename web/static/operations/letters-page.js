// Dead letters: found by cause, looked into, mended, sent again or done with.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useMemo } from "preact/hooks";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { go } from "../frame/router.js";
import { useSingleKeys } from "../frame/single-keys.js";
import { Button } from "../parts/button.js";
import { Segments } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { StateCard } from "../parts/state.js";
import { counted, t } from "../words/words.js";
import { LetterDetail } from "./letter-detail.js";
import { GroupRow } from "./letter-group.js";
import { grouped, isWhole, letters, loadLetters, search, select, selected, state } from "./letters.js";
import { ReplayDialog } from "./replay-dialog.js";

const STATES = /** @type {const} */ (["open", "parked", "replayed", "discarded"]);

/** @param {{ parts: string[] }} given */
export function LettersPage({ parts: [wanted] }) {
  const problem = useSignal("");
  const isReplaying = useSignal(false);
  const reload = () => loadLetters().then(() => (problem.value = ""), (failure) => (problem.value = sentence(failure)));
  useEffect(() => void reload(), [state.value]);
  const order = grouped.value.flatMap((group) => group.letters);
  const chosen = wanted || order[0]?.id;
  const choose = (/** @type {string} */ id) => go(`/operations/dead-letters/${encodeURIComponent(id)}`, { replace: true });
  const step = (/** @type {number} */ by) => {
    const at = order.findIndex((one) => one.id === chosen);
    const next = order[Math.max(0, Math.min(order.length - 1, at + by))];
    if (next) choose(next.id);
  };
  const keys = useMemo(() => ({ j: () => step(1), k: () => step(-1), x: () => chosen && select([chosen], !selected.value.has(chosen)), r: () => selected.value.size && (isReplaying.value = true) }), [order.length, chosen]);
  useSingleKeys(keys);
  const states = STATES.map((value) => ({ value, label: value === state.value && letters.value ? `${t(`letters.${value}`)} ${letters.value.length}${isWhole.value ? "" : "+"}` : t(`letters.${value}`) }));
  const tabs = html`<${Segments} name="letter-state" label=${t("ops.state")} value=${state.value} options=${states} onValue=${(/** @type {any} */ value) => {
    state.value = value;
    letters.value = null;
    select([...selected.value], false);
    go("/operations/dead-letters", { replace: true });
  }} />`;
  return html`<${Layout} title=${t("nav.dead-letters")} back=${wanted ? "/operations/dead-letters" : undefined} actions=${tabs} bodyClass="letters-body ${wanted ? "one" : ""}">
    <div class="letters-side"><${Head} replay=${() => (isReplaying.value = true)} /><${List} chosen=${chosen} choose=${choose} problem=${problem.value} retry=${reload} /></div>
    ${chosen ? html`<${LetterDetail} key=${chosen} id=${chosen} changed=${reload} />` : html`<div></div>`}
    ${isReplaying.value ? html`<${ReplayDialog} onClose=${() => (isReplaying.value = false)} changed=${reload} />` : null}
  </${Layout}>`;
}

/** @param {{ replay: () => void }} given */
function Head({ replay }) {
  const count = selected.value.size;
  return html`<div class="letters-head"><div class="with-icon" role="search"><${Icon} name="list-filter" /><input class="input" type="search" data-search aria-label=${t("letters.search")} placeholder=${t("letters.search")} value=${search.value} onInput=${(/** @type {any} */ event) => (search.value = event.currentTarget.value)} /></div>
    <div class="letters-selected"><strong role="status">${t("letters.selected", { count, all: letters.value?.length ?? 0 })}</strong>${state.value === "open" ? html`<${Button} kind="primary" icon="rotate-ccw" disabled=${!count} onClick=${replay}>${counted("letters.replay", count)}</${Button}>` : null}</div></div>`;
}

/** @param {{ chosen: string | undefined, choose: (id: string) => void, problem: string, retry: () => void }} given */
function List({ chosen, choose, problem, retry }) {
  if (problem && !letters.value) return html`<${StateCard} icon="wifi-off" kind="warn" title=${problem}><${Button} onClick=${retry}>${t("frame.retry")}</${Button}></${StateCard}>`;
  if (!letters.value) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  if (!grouped.value.length) return html`<${StateCard} icon="inbox" title=${t(search.value ? "letters.notFound" : "letters.none")} />`;
  return html`<ul class="letter-groups">${grouped.value.map((group) => html`<${GroupRow} key=${group.fingerprint} group=${group} chosen=${chosen} choose=${choose} />`)}</ul>`;
}

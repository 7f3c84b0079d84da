// One letter: what died, how often it was tried, what a replay would do; its arguments after they were revealed, which is noted.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { toast } from "../frame/toasts.js";
import { Button, IconButton } from "../parts/button.js";
import { Segments } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { StateCard } from "../parts/state.js";
import { counted, named, t } from "../words/words.js";
import { DiscardDialog } from "./discard-dialog.js";
import { EditArguments } from "./edit-arguments.js";
import { IfReplayed } from "./if-replayed.js";
import { shortTime } from "./letter-group.js";
import { Traceback } from "./traceback.js";

/** @typedef {import("./letters.js").LetterDetails} LetterDetails */

/** Between the first and the last, of which alone the times are known. */
const MOST_TRIES = 3;

/** @param {{ id: string, changed: () => Promise<unknown> }} given */
export function LetterDetail({ id, changed }) {
  const letter = useSignal(/** @type {LetterDetails | null} */ (null));
  const isRevealed = useSignal(false);
  const view = useSignal("traceback");
  const problem = useSignal("");
  const isDiscarding = useSignal(false);
  const busy = useSignal(false);
  const path = { letterId: id };
  const load = async (reveal = isRevealed.peek()) => {
    try {
      letter.value = /** @type {LetterDetails} */ (await api.showDeadLetter(call, { path, query: { reveal: reveal || undefined } }));
      isRevealed.value = reveal;
    } catch (failure) {
      problem.value = sentence(failure);
    }
  };
  useEffect(() => void load(false), [id]);
  const one = letter.value;
  if (!one) return html`<div class="letter-detail">${problem.value ? html`<${StateCard} icon="circle-alert" title=${problem.value} />` : html`<p class="secondary" role="status">${t("frame.loading")}</p>`}</div>`;
  const after = async () => {
    await load();
    await changed();
  };
  const replay = async () => {
    busy.value = true;
    await api.replayDeadLetter(call, { path }).then((answer) => toast(answer.replayed ? t("letters.sentAgain") : named("letters.outcome", answer.outcome, "letters.outcome.settled"), answer.replayed ? {} : { icon: "circle-alert" }), (failure) => toast(sentence(failure), { icon: "circle-alert" }));
    busy.value = false;
    await after();
  };
  const isUnsettled = one.state === "open" || one.state === "parked";
  const views = /** @type {const} */ (["traceback", "arguments", "audit"]).map((value) => ({ value, label: t(`letters.view.${value}`) }));
  return html`<section class="letter-detail" aria-label=${one.task ?? t("letters.unreadable")}><div class="letter-scroll"><${Head} one=${one} /><${Tries} one=${one} />
      <div class="letter-views"><${Segments} name="letter-view" label=${t("letters.view")} value=${view.value} options=${views} onValue=${(/** @type {string} */ value) => (view.value = value)} />
        ${isRevealed.value ? html`<span class="chip warn">${t("letters.revealed")}</span>` : html`<${Button} kind="quiet" icon="eye" onClick=${() => load(true)}>${t("letters.reveal")}</${Button}>`}</div>
      ${view.value === "traceback" ? html`<${Traceback} text=${one.traceback || one.error} />` : view.value === "arguments" ? html`<${EditArguments} key=${String(isRevealed.value)} one=${one} isRevealed=${isRevealed.value} changed=${after} />` : html`<${Audit} one=${one} />`}
      ${isUnsettled ? html`<${IfReplayed} key=${`${one.id}/${JSON.stringify(one.arguments ?? null).length}`} one=${one} />` : null}</div>
    ${isUnsettled ? html`<div class="letter-foot"><${Button} icon="rotate-ccw" busy=${busy.value} disabled=${one.state === "parked"} onClick=${replay}>${t("letters.replayThis")}</${Button}><${Button} kind="danger" icon="trash-2" onClick=${() => (isDiscarding.value = true)}>${t("letters.discard")}</${Button}><span class="caption not-phone">${t("letters.keys")}</span></div>` : null}
    ${isDiscarding.value ? html`<${DiscardDialog} id=${id} onClose=${() => (isDiscarding.value = false)} changed=${after} />` : null}</section>`;
}

/** @param {import("./letters.js").AwaitedBy | null | undefined} waiting @returns {string} who was told what, and when */
function toldWords(waiting) {
  if (!waiting) return t("letters.told.nobody");
  const what = waiting.status === "FAILED" ? (waiting.error === "UNAVAILABLE" ? "again" : "failed") : waiting.status === "COMPLETED" ? "done" : "goesOn";
  return t(`letters.told.${what}`, { person: waiting.userId.slice(0, 8), when: shortTime(waiting.toldAt) });
}

/** @param {{ one: LetterDetails }} given */
function Head({ one }) {
  /** @type {[string, any][]} */
  const facts = [
    [t("ops.queue"), html`<code>${one.queue}</code>`],
    [t("letters.death"), named("letters.death", one.death, "letters.death.failed")],
    [t("letters.first"), shortTime(one.firstAt)],
    [t("letters.last"), shortTime(one.lastAt)],
    [t("letters.replays"), String(one.replays)],
    [t("letters.told"), toldWords(one.awaitedBy)],
    [t("letters.correlation"), one.correlationId ? html`<code>${one.correlationId.slice(0, 8)}…</code><${IconButton} label=${t("letters.copy")} icon="copy" class="copy" onClick=${() => navigator.clipboard?.writeText(one.correlationId ?? "")} />` : "–"],
  ];
  const chip = one.replayAt ? t("letters.rule", { when: shortTime(one.replayAt) }) : one.succeededAt ? t("letters.succeeded", { when: shortTime(one.succeededAt) }) : t(`letters.${one.state}`);
  return html`<header class="letter-top"><h2><code>${one.task ?? t("letters.unreadable")}</code></h2><span class="chip ${one.succeededAt ? "ok" : one.replayAt ? "warn" : ""}">${chip}</span></header><p class="letter-error" dir="auto">${one.error}</p>${one.reason ? html`<p class="secondary" dir="auto">${one.reason}</p>` : null}
    <dl class="letter-facts">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd class="figure">${value}</dd></div>`)}</dl>`;
}

/** @param {{ one: LetterDetails }} given */
function Tries({ one }) {
  const count = Math.max(one.attempts, 1);
  const between = Array.from({ length: Math.max(0, count - 2) }, (_, index) => index + 2);
  return html`<ol class="tries"><li><${Icon} name="circle-x" /><strong>${t("letters.try", { count: 1 })}</strong> ${shortTime(one.firstAt)}</li>
    ${between.length > MOST_TRIES ? html`<li class="secondary">${counted("letters.between", between.length)}</li>` : between.map((number) => html`<li key=${number}><${Icon} name="circle-x" /><strong>${t("letters.try", { count: number })}</strong></li>`)}${count > 1 ? html`<li><${Icon} name="circle-x" /><strong>${t("letters.try", { count })}</strong> ${shortTime(one.lastAt)}</li>` : null}
    <li><${Icon} name="inbox" /><strong>${t("letters.one")}</strong></li></ol>`;
}

/** @param {{ one: LetterDetails }} given */
function Audit({ one }) {
  if (!one.audit.length) return html`<p class="secondary">${t("letters.noAudit")}</p>`;
  return html`<ul class="rows audit">${one.audit.map((line, index) => html`<li key=${index}><span class="figure secondary">${shortTime(line.at)}</span><strong>${named("letters.action", line.action, "letters.action.other")}</strong><code>${line.by.slice(0, 12)}</code>${line.details ? html`<span class="secondary" dir="auto">${line.details}</span>` : null}</li>`)}</ul>`;
}

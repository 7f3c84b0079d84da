// A sentence made better: what was changed, and why.
import { html } from "htm/preact";
import { Icon } from "../parts/icon.js";
import { t } from "../words/words.js";

/** @typedef {import("../api/contracts.js").Correction} Correction */
/** @typedef {{ text: string, isChanged: boolean }} Part */

/** @param {Correction} correction @returns {{ original: Part[], better: Part[] }} both sentences in parts, with what differs */
export function partsOf({ original, better, spans }) {
  /** @type {Part[]} */
  const before = [];
  /** @type {Part[]} */
  const after = [];
  let at = 0;
  for (const span of spans) {
    const same = original.slice(at, span.start);
    before.push({ text: same, isChanged: false }, { text: original.slice(span.start, span.end), isChanged: true });
    after.push({ text: same, isChanged: false }, { text: span.better, isChanged: true });
    at = span.end;
  }
  before.push({ text: original.slice(at), isChanged: false });
  after.push({ text: original.slice(at), isChanged: false });
  const rebuilt = after.map((part) => part.text).join("");
  return { original: before, better: rebuilt === better ? after : [{ text: better, isChanged: false }] };
}

/** In the script: the better sentence below what was said. @param {{ correction: Correction }} given */
export function BetterSentence({ correction }) {
  const { better } = partsOf(correction);
  return html`<div class="better"><${Icon} name="pencil" /><p><span class="secondary">${t("talk.better")}</span>${" "}<span class="serif" lang="en">“${better.map((part, index) =>
    part.isChanged ? html`<b key=${index}>${part.text}</b>` : part.text,
  )}”</span>${correction.why ? html`<span class="why" dir="auto">${correction.why}</span>` : null}</p></div>`;
}

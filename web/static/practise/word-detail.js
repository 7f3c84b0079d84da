// One word of a result: what was heard, what to try, and that bit alone in one's own voice and in the model's.
import { html } from "htm/preact";
import { voice } from "../keep/preferences.js";
import { Icon } from "../parts/icon.js";
import { play } from "../voice/player.js";
import { soundOfText } from "../voice/sounds.js";
import { t } from "../words/words.js";
import { playModel } from "./model-voice.js";
import { stateText } from "./word-chips.js";
import { STATES } from "./words-of.js";

const BEFORE_MS = 60;
const AFTER_MS = 120;

/** @param {{ one: import("./words-of.js").ShownWord, item: import("./sets.js").Item, load: () => Promise<import("../voice/sounds.js").Sound>, resultId: string }} given */
export function WordDetail({ one, item, load, resultId }) {
  const { word } = one;
  const state = STATES[word.status];
  const pair = word.hint?.minimalPair;
  const mine = async () => {
    const sound = await load().catch(() => null);
    if (sound) await bit(`own-${resultId}`, sound.source, word.startMs ?? 0, word.endMs ?? sound.durationMs);
  };
  return html`<section class="word-detail ${state}" aria-label=${word.word}><div><p class="word-head"><span class="serif" lang="en">${word.word}</span>
      <strong>${stateText(one) || t("word.ok")}</strong></p>
      <p class="secondary" dir="auto">${explained(one)}</p>
      ${pair ? html`<p class="secondary">${t("word.pair")} <span class="serif" lang="en">${pair.join(" · ")}</span></p>` : null}</div>
    <span class="bits">${word.endMs ? html`<${Bit} label=${t("word.mine")} icon="play" onClick=${mine} />` : null}
      ${state === "extra" ? null : html`<${Bit} label=${t("word.model")} icon="volume-2" onClick=${() => modelBit(item.english, one)} />`}</span></section>`;
}

/** @param {{ label: string, icon: string, onClick: () => void }} given */
function Bit({ label, icon, onClick }) {
  return html`<button type="button" class="bit" aria-label=${label} title=${label} onClick=${onClick}><${Icon} name=${icon} /></button>`;
}

/** @param {import("./words-of.js").ShownWord} one */
function explained({ word }) {
  if (word.status === "missed") return t("word.notHeard");
  if (word.status === "extra") return t("word.notThere");
  const heard = word.heard && word.heard.toLowerCase() !== word.word.toLowerCase() ? t("word.heard", { heard: word.heard }) : "";
  return [heard, word.hint?.text].filter(Boolean).join(" ") || t(word.status === "correct" ? "word.fine" : "word.again");
}

/** @param {string} id @param {string} source @param {number} from @param {number} to */
async function bit(id, source, from, to) {
  await play(id, source, { from: Math.max(0, from - BEFORE_MS), until: to + AFTER_MS }).catch(() => {});
}

/** @param {string} text @param {import("./words-of.js").ShownWord} one */
async function modelBit(text, one) {
  const sound = await soundOfText(text, voice.value.peek()).catch(() => null);
  const word = sound?.words.find(({ start, end }) => start < one.to && end > one.from);
  await playModel(text, word ? { from: Math.max(0, word.startMs - BEFORE_MS), until: word.endMs + AFTER_MS } : {});
}

// Words that were not clear the last time, the least clear first; practising them says their sentences again.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { go } from "../frame/router.js";
import { Button, IconButton } from "../parts/button.js";
import { playModel } from "../practise/model-voice.js";
import { startSet } from "../practise/sets.js";
import { counted, t } from "../words/words.js";

/** @typedef {import("../api/contracts.js").Result} Result */
/** @typedef {{ word: string, score: number, tries: number, sentence: string, isClear: boolean }} WordAgain */

const LOOKED_AT = 100;
const SHOWN = 8;

/** @param {Result[]} results newest first @returns {WordAgain[]} */
export function wordsAgain(results) {
  /** @type {Map<string, WordAgain>} */
  const known = new Map();
  for (const { words, originalText, grade } of results) {
    if (!grade) continue;
    for (const { word, status, score } of words) {
      if (status === "extra") continue;
      const key = word.toLowerCase();
      const before = known.get(key);
      if (before) before.tries += 1;
      else known.set(key, { word, score: score ?? 0, tries: 1, sentence: originalText, isClear: status === "correct" });
    }
  }
  return [...known.values()].filter((one) => !one.isClear).sort((a, b) => a.score - b.score).slice(0, SHOWN);
}

export function WordsAgain() {
  const words = useSignal(/** @type {WordAgain[]} */ ([]));
  useEffect(() => {
    void api.listResults(call, { query: { limit: LOOKED_AT } }).then((page) => (words.value = wordsAgain(page.results)), () => {});
  }, []);
  if (!words.value.length) return null;
  const practise = () => {
    const sentences = [...new Set(words.value.map((one) => one.sentence))];
    startSet(t("progress.words"), sentences.map((english) => ({ english })));
    go("/practise/set");
  };
  return html`<section class="chart-card" aria-labelledby="words-again"><div class="chart-head"><h2 id="words-again">${t("progress.words")}</h2>
      <${Button} icon="mic" class="small" onClick=${practise}><span class="not-phone">${counted("progress.practise", words.value.length)}</span><span class="only-phone">${t("practise.short")}</span></${Button}></div>
    <ul class="rows words-again">${words.value.map((one) => html`<li key=${one.word}><span class="serif" lang="en">${one.word}</span>
      <progress class="not-phone" max="100" value=${one.score} aria-hidden="true"></progress><strong class="figure">${Math.round(one.score)}</strong>
      <span class="secondary">${counted("progress.tries", one.tries)}</span><${IconButton} label="${t("voice.listen")}: ${one.word}" icon="volume-2" onClick=${() => playModel(one.word)} /></li>`)}</ul></section>`;
}

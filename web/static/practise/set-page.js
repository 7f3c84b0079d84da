// A set, sentence by sentence: say it, see how it was said in the same place, go on.
import { html } from "htm/preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Page as Layout } from "../frame/page.js";
import { go } from "../frame/router.js";
import { useSingleKeys } from "../frame/single-keys.js";
import { showDoing } from "../tutors/doing.js";
import { stop as stopPlaying } from "../voice/player.js";
import { t } from "../words/words.js";
import { Attempt } from "./attempt.js";
import { Done } from "./done.js";
import { playModel } from "./model-voice.js";
import { ResultView } from "./result-view.js";
import { SayView } from "./say-view.js";
import { SetSide } from "./set-side.js";
import { goTo, loadSet, practiceSet } from "./sets.js";

export function SetPage() {
  useEffect(() => void loadSet(), []);
  const set = practiceSet.value;
  const isMissing = set === null;
  useEffect(() => {
    if (isMissing) go("/practise", { replace: true });
  }, [isMissing]);
  useTellTutors(set?.title ?? "");
  if (!set) return html`<${Layout} title=${t("nav.practise")} back="/practise"><p class="secondary" role="status">${t("frame.loading")}</p></${Layout}>`;
  if (set.at >= set.items.length) return html`<${Done} set=${set} />`;
  return html`<${One} key=${`${set.id}/${set.at}`} set=${set} />`;
}

/** Tell the tutors of a student what the student is practising. @param {string} title */
function useTellTutors(title) {
  useEffect(() => {
    if (title) return showDoing({ room: title, isLearning: true });
  }, [title]);
}

let hasBeenHere = false;

/** @param {{ set: import("./sets.js").PracticeSet }} given */
function One({ set }) {
  const item = /** @type {import("./sets.js").Item} */ (set.items[set.at]);
  const attempt = useMemo(() => new Attempt(set.id, set.at, item.english), []);
  const isLast = set.at === set.items.length - 1;
  const tries = useRef(item.scores.length);
  useEffect(() => {
    if (hasBeenHere) focusHeading();
    hasBeenHere = true;
    void attempt.start();
    return () => {
      attempt.close();
      stopPlaying();
    };
  }, [attempt]);
  useEffect(() => {
    if (tries.current !== item.scores.length) focusHeading();
    tries.current = item.scores.length;
  }, [item.result]);
  const next = () => goTo(set.at + 1);
  const isSaying = attempt.phase.value !== "" || !item.result || Boolean(attempt.left.value);
  const keys = useMemo(() => ({ r: () => void attempt.speak(), p: () => void playModel(item.english), ArrowRight: next }), [set, attempt]);
  useSingleKeys(keys);
  const title = html`<${Steps} set=${set} />`;
  return html`<${Layout} title=${set.title} subtitle=${t("practise.place", { count: set.at + 1, all: set.items.length })} back="/practise" actions=${title} bodyClass=${isSaying ? "say-body" : "with-side result-body"}>
    ${isSaying || !item.result
      ? html`<${SayView} attempt=${attempt} item=${item} />`
      : html`<${ResultView} item=${item} result=${item.result} speak=${() => attempt.speak()} next=${next} isLast=${isLast} /><${SetSide} set=${set} />`}
  </${Layout}>`;
}

function focusHeading() {
  requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector("#content h1"))?.focus({ preventScroll: true }));
}

/** Where one is in the set, for eyes: the subtitle says it in words. @param {{ set: import("./sets.js").PracticeSet }} given */
function Steps({ set }) {
  return html`<span class="steps" aria-hidden="true">${set.items.map((one, index) => html`<i key=${index} class=${index === set.at ? "here" : one.result ? "done" : ""}></i>`)}</span>`;
}

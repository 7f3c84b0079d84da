// The end of a set: how each sentence went, and what to do next.
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { Page as Layout } from "../frame/page.js";
import { address, go } from "../frame/router.js";
import { Button } from "../parts/button.js";
import { counted, t } from "../words/words.js";
import { Score } from "./set-side.js";
import { endSet, goTo, startSet } from "./sets.js";

const GOOD_FROM = 75;

/** @param {{ set: import("./sets.js").PracticeSet }} given */
export function Done({ set }) {
  useEffect(() => /** @type {HTMLElement | null} */ (document.querySelector("#content h1"))?.focus({ preventScroll: true }), []);
  const tried = set.items.filter((one) => one.scores.length);
  const weak = set.items.filter((one) => (one.scores.at(-1) ?? 0) < GOOD_FROM);
  const mean = tried.length ? Math.round(tried.reduce((sum, one) => sum + (one.scores.at(-1) ?? 0), 0) / tried.length) : 0;
  const headline = tried.length ? counted("done.said", tried.length, { score: mean }) : t("done.nothing");
  const again = () => {
    startSet(set.title, weak);
    go("/practise/set");
  };
  const finish = () => {
    endSet();
    go("/practise");
  };
  return html`<${Layout} title=${set.title} subtitle=${t("done.title")} back="/practise">
    <div class="set-done"><p class="headline">${headline}</p>
      <ul class="rows">${set.items.map(
        (one, index) => html`<li key=${index} class="done-row"><span class="serif" lang="en">${one.english}</span><${Score} score=${one.scores.at(-1)} />
          <${Button} kind="quiet" class="small" onClick=${() => goTo(index)}>${t("done.look")}<span class="hidden-text"> · ${one.english}</span></${Button}></li>`,
      )}</ul>
      <p class="secondary">${t("done.notebook")}</p>
      <div class="done-actions">${weak.length ? html`<${Button} kind="voice" class="large" icon="mic" onClick=${again}>${counted("done.again", weak.length)}</${Button}>` : null}
        <${Button} kind=${weak.length ? "plain" : "primary"} class="large" onClick=${finish}>${t("done.finish")}</${Button}>
        <a class="button quiet" href=${address("/practise/notebook")}>${t("practise.notebook")}</a></div></div>
  </${Layout}>`;
}

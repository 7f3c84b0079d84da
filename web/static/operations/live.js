// When the platform last answered, and the worst problem.
import { html } from "htm/preact";
import { address } from "../frame/router.js";
import { Icon } from "../parts/icon.js";
import { t } from "../words/words.js";
import { heardAt, now, problem } from "./watch.js";
import { worstProblem } from "./worst.js";

export function LiveSince() {
  const seconds = Math.max(0, Math.round((now.value - heardAt.value) / 1000));
  return html`<span class="watching ${problem.value ? "lost" : ""}"><i></i>${heardAt.value ? t("ops.live", { count: seconds }) : t("frame.loading")}</span>`;
}

export function Worst() {
  if (!heardAt.value && !problem.value) return null;
  const { kind, text, path } = worstProblem();
  return html`<p class="worst ${kind}" role="status"><${Icon} name=${kind === "ok" ? "circle-check" : "triangle-alert"} /><span>${text}</span>${path ? html`<a href=${address(path)}>${t("ops.look")}</a>` : null}</p>`;
}

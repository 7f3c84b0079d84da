// When the platform last answered, and the worst problem.
import { html } from "htm/preact";
import { address, route } from "../frame/router.js";
import { Icon } from "../parts/icon.js";
import { counted, t } from "../words/words.js";
import { heardAt, now, problem } from "./watch.js";
import { problems } from "./worst.js";

export function LiveSince() {
  const seconds = Math.max(0, Math.round((now.value - heardAt.value) / 1000));
  return html`<span class="watching ${problem.value ? "lost" : ""}"><i></i>${heardAt.value ? t("ops.live", { count: seconds }) : t("frame.loading")}</span>`;
}

export function Worst() {
  if (!heardAt.value && !problem.value) return null;
  const [worst, ...more] = problems();
  if (!worst) return null;
  const { kind, text, path } = worst;
  return html`<div><p class="worst ${kind}" role="status"><${Icon} name=${kind === "ok" ? "circle-check" : "triangle-alert"} /><span>${text}</span>${path && path !== route.value.path ? html`<a href=${address(path)}>${t("ops.look")}</a>` : null}</p>
    ${more.length ? html`<details class="more-wrong"><summary>${counted("ops.moreWrong", more.length)}</summary><ul>${more.map((one) => html`<li key=${one.text}>${one.text}</li>`)}</ul></details>` : null}</div>`;
}

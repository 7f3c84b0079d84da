// How something went, as one small line.
import { html } from "htm/preact";

const [WIDTH, HEIGHT] = [96, 24];

/** @param {{ values: number[], kind?: string }} given */
export function Sparkline({ values, kind = "" }) {
  if (values.length < 2) return html`<svg class="sparkline" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} aria-hidden="true"></svg>`;
  const most = Math.max(...values, 1);
  const x = (/** @type {number} */ index) => 1 + (index / (values.length - 1)) * (WIDTH - 6);
  const y = (/** @type {number} */ value) => HEIGHT - 3 - (value / most) * (HEIGHT - 6);
  const last = values.length - 1;
  return html`<svg class="sparkline ${kind}" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} aria-hidden="true"><polyline points=${values.map((one, index) => `${x(index).toFixed(1)},${y(one).toFixed(1)}`).join(" ")} /><circle cx=${x(last)} cy=${y(values[last] ?? 0)} r="2.2" /></svg>`;
}

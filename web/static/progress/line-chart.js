// A line with its first and last value.
import { html } from "htm/preact";

const [WIDTH, HEIGHT, PAD] = [300, 180, 34];

/** @param {{ points: { key: string, value: number }[], ends: string[], label: string }} given values from 0 to 100 */
export function LineChart({ points, ends, label }) {
  const values = points.map((one) => one.value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const [low, high] = [Math.max(0, least - 8), Math.min(100, most + 8)];
  const x = (/** @type {number} */ index) => 4 + (points.length < 2 ? 1 : index / (points.length - 1)) * (WIDTH - PAD - 8);
  const y = (/** @type {number} */ value) => 20 + (1 - (value - low) / Math.max(1, high - low)) * (HEIGHT - 70);
  const last = points.length - 1;
  const place = points.map((one, index) => `${x(index).toFixed(1)},${y(one.value).toFixed(1)}`).join(" ");
  return html`<svg class="chart trend" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    <line class="chart-base" x1="0" x2=${WIDTH} y1=${HEIGHT - 34} y2=${HEIGHT - 34} /><polyline class="chart-line" points=${place} />
    ${last > 0 ? html`<text class="chart-small" x="4" y=${y(values[0] ?? 0) - 10}>${Math.round(values[0] ?? 0)}</text>` : null}
    <circle class="chart-dot" cx=${x(last)} cy=${y(values[last] ?? 0)} r="4" /><text class="chart-value" x=${x(last) + 9} y=${y(values[last] ?? 0) + 5}>${Math.round(values[last] ?? 0)}</text>
    ${last > 0 ? html`<text class="chart-small" x="0" y=${HEIGHT - 12}>${ends[0]}</text>` : null}<text class="chart-small" x=${WIDTH - PAD + 4} y=${HEIGHT - 12} text-anchor="end">${ends[1]}</text>
  </svg>`;
}

// Bars with their labels: the last in the accent, the highest and the last with their numbers, one dotted line for the goal.
import { html } from "htm/preact";
import { t } from "../words/words.js";
import { minutesText } from "./days.js";

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [620, 250, 8, 26, 30];

/** @param {{ bars: import("./days.js").Bar[], goal: number | null, label: string }} given */
export function BarChart({ bars, goal, label }) {
  const most = Math.max(goal ?? 0, 1, ...bars.map((one) => one.minutes));
  const left = goal ? 60 : LEFT;
  const step = (WIDTH - left) / bars.length;
  const width = Math.min(38, step * 0.62);
  const y = (/** @type {number} */ minutes) => HEIGHT - BOTTOM - (minutes / most) * (HEIGHT - TOP - BOTTOM);
  const highest = bars.reduce((top, one, index) => (one.minutes > (bars[top]?.minutes ?? 0) ? index : top), 0);
  const words = bars.map((one) => `${one.name}: ${minutesText(one.minutes)}`).join("; ");
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}. ${words}">
    ${goal ? html`<line class="chart-goal" x1=${left} x2=${WIDTH} y1=${y(goal)} y2=${y(goal)} /><text class="chart-small" x="0" y=${y(goal) - 4}>${t("progress.goal")}</text><text class="chart-small" x="0" y=${y(goal) + 13}>${t("goal.minutes", { count: goal })}</text>` : null}
    <line class="chart-base" x1=${left} x2=${WIDTH} y1=${HEIGHT - BOTTOM} y2=${HEIGHT - BOTTOM} />
    ${bars.map((one, index) => {
      const x = left + index * step + (step - width) / 2;
      const top = Math.min(y(one.minutes), HEIGHT - BOTTOM - 1.5);
      const isTold = one.minutes > 0 && (index === highest || one.isNow);
      return html`<g key=${one.key}><rect class="chart-bar ${one.isNow ? "now" : ""}" x=${x} y=${top} width=${width} height=${HEIGHT - BOTTOM - top} rx="5" />
        ${isTold ? html`<text class="chart-value" x=${x + width / 2} y=${top - 8} text-anchor="middle">${minutesText(one.minutes)}</text>` : null}
        <text class="chart-small ${one.isNow ? "now" : ""}" x=${x + width / 2} y=${HEIGHT - 8} text-anchor="middle">${one.label}</text></g>`;
    })}
  </svg>`;
}

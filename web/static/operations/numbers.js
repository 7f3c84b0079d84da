// Five numbers that say how the platform is.
import { html } from "htm/preact";
import { language, t } from "../words/words.js";
import { connections, isSilent, lettersOpen, queues, workers } from "./watch.js";
import { excessOf } from "./worst.js";

/** @param {number | null | undefined} seconds @returns {string} 0.4 s, 12 s, 1 min 48 s */
export function age(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 10) return `${seconds.toFixed(seconds ? 1 : 0)} ${t("unit.seconds")}`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} ${t("unit.seconds")}` : t("ops.minutes", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

export function Numbers() {
  const all = queues.value ?? [];
  const living = (workers.value ?? []).filter((one) => !isSilent(one)).length;
  const isLate = all.some((one) => excessOf(one) > 1);
  const letters = lettersOpen();
  /** @type {[string, string, string?][]} */
  const five = [
    [t("ops.waiting"), all.reduce((sum, one) => sum + one.depth, 0).toLocaleString(language.value)],
    [t("ops.oldest"), age(Math.max(0, ...all.map((one) => one.oldestSeconds ?? 0))), isLate ? "warn" : ""],
    [t("nav.dead-letters"), String(letters), letters ? "bad" : ""],
    [t("ops.sockets"), connections.value ? connections.value.total.toLocaleString(language.value) : "–"],
    [t("ops.workersLive"), String(living), living < (workers.value?.length ?? 0) ? "bad" : ""],
  ];
  return html`<dl class="five">${five.map(([name, value, kind]) => html`<div key=${name}><dt>${name}</dt><dd class="figure ${kind ?? ""}">${value}</dd></div>`)}</dl>`;
}

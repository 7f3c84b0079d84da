// Five numbers that say how the platform is.
import { html } from "htm/preact";
import { language, t } from "../words/words.js";
import { status } from "./watch.js";

/** @param {number | null | undefined} seconds @returns {string} 0.4 s, 12 s, 1 min 48 s */
export function age(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 10) return t("ops.seconds", { count: seconds.toFixed(seconds ? 1 : 0) });
  const whole = Math.round(seconds);
  return whole < 60 ? t("ops.seconds", { count: whole }) : t("ops.minutes", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

export function Numbers() {
  const told = status.value;
  const kinds = new Set(told?.problems.map((one) => one.kind));
  const number = (/** @type {number | null | undefined} */ value) => value?.toLocaleString(language.value) ?? "–";
  /** @type {[string, string, string?][]} */
  const five = [
    [t("ops.waiting"), number(told?.waiting)],
    [t("ops.oldest"), age(told?.oldestSeconds), kinds.has("waits_long") ? "warn" : ""],
    [t("nav.dead-letters"), number(told?.letters), told?.letters ? "bad" : ""],
    [t("ops.sockets"), number(told?.connections)],
    [t("ops.workersLive"), number(told?.workers), kinds.has("silent_worker") || kinds.has("unattended") ? "bad" : ""],
  ];
  return html`<dl class="five">${five.map(([name, value, kind]) => html`<div key=${name}><dt>${name}</dt><dd class="figure ${kind ?? ""}">${value}</dd></div>`)}</dl>`;
}

// Dates and durations in words, in the language that is spoken.
import { counted, language, t } from "./words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Made once for each language: to make one takes longer than to draw a message. @type {Map<string, Intl.DateTimeFormat>} */
const clocks = new Map();

/** @param {string | number | Date} when */
export function clockTime(when) {
  const clock = clocks.get(language.value) ?? new Intl.DateTimeFormat(language.value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  clocks.set(language.value, clock);
  return clock.format(new Date(when));
}

/** @param {string | number | Date} when @returns {string} the day, for people and for grouping */
export function dayKey(when) {
  const date = new Date(when);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** @param {string | number | Date} when @param {boolean} [isWithin] within a sentence: "today", not "Today" */
export function dayName(when, isWithin = false) {
  const date = new Date(when);
  if (dayKey(date) === dayKey(Date.now())) return t(isWithin ? "time.todayWithin" : "time.today");
  if (dayKey(date) === dayKey(Date.now() - DAY)) return t(isWithin ? "time.yesterdayWithin" : "time.yesterday");
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(language.value, { weekday: "long", month: "long", day: "numeric", ...(isThisYear ? {} : { year: "numeric" }) }).format(date);
}

/** @param {string | number | Date} when @returns {string} "just now", "4 min ago", "1 h ago", else the day */
export function ago(when) {
  const past = Date.now() - new Date(when).getTime();
  if (past < MINUTE) return t("time.now");
  if (past < HOUR) return t("time.minutes", { count: Math.floor(past / MINUTE) });
  if (past < 12 * HOUR) return t("time.hours", { count: Math.floor(past / HOUR) });
  return dayName(when, true);
}

/** @param {number} seconds @returns {string} 0:05 */
export function minutesAndSeconds(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** @param {number} seconds @returns {string} "3 hours 42 minutes", "4 minutes", "12 seconds": the two largest units at most */
export function durationText(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return counted("duration.seconds", whole);
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = minutes - hours * 60;
  return [hours ? counted("duration.hours", hours) : "", rest || !hours ? counted("duration.minutes", rest) : ""].filter(Boolean).join(" ");
}

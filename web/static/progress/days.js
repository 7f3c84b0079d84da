// A student's days as charts and sentences need them: without gaps, in the account's time zone, joined to weeks or months.
import { account } from "../api/session.js";
import { language } from "../words/words.js";

/** @typedef {{ date: string, practiceCount: number, totalSpeakingTime: number, averageScore?: number | null }} Day times in seconds */
/** @typedef {{ key: string, label: string, name: string, minutes: number, isNow: boolean }} Bar */
/** @typedef {"2w" | "3m" | "1y"} Range */

/** @type {Record<Range, number>} */
export const DAYS = { "2w": 14, "3m": 91, "1y": 365 };
const WEEK = 7;

/** @returns {string} the date that it is for the student (YYYY-MM-DD) */
export function today() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: account.value?.timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date());
}

/** @param {string} date @param {number} days @returns {string} the date so many days later */
export function plusDays(date, days) {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** @param {Day[]} days @param {string} last @param {number} count @returns {Day[]} so many days up to the last, empty ones too */
export function withoutGaps(days, last, count) {
  const known = new Map(days.map((one) => [one.date, one]));
  return Array.from({ length: count }, (_, index) => {
    const date = plusDays(last, index + 1 - count);
    return known.get(date) ?? { date, practiceCount: 0, totalSpeakingTime: 0 };
  });
}

/** @param {Day[]} days without gaps @param {Range} range @returns {Bar[]} days of two weeks, weeks of three months, months of a year */
export function barsOf(days, range) {
  if (range === "2w") return days.map((day, index) => bar(day.date, [day], index === days.length - 1, { weekday: "narrow" }, { weekday: "long", month: "long", day: "numeric" }));
  if (range === "3m") {
    const weeks = Array.from({ length: Math.ceil(days.length / WEEK) }, (_, index) => days.slice(index * WEEK, (index + 1) * WEEK));
    return weeks.map((week, index) => bar(/** @type {Day} */ (week[0]).date, week, index === weeks.length - 1, { month: "numeric", day: "numeric" }, { month: "long", day: "numeric" }));
  }
  const months = [...new Set(days.map((one) => one.date.slice(0, 7)))].slice(-12);
  return months.map((month, index) => bar(`${month}-01`, days.filter((one) => one.date.startsWith(month)), index === months.length - 1, { month: "narrow" }, { month: "long", year: "numeric" }));
}

/**
 * @param {string} date
 * @param {Day[]} days
 * @param {boolean} isNow
 * @param {Intl.DateTimeFormatOptions} short
 * @param {Intl.DateTimeFormatOptions} long
 * @returns {Bar}
 */
function bar(date, days, isNow, short, long) {
  return { key: date, label: dateText(date, short), name: dateText(date, long), minutes: secondsOf(days) / 60, isNow };
}

/** @param {string} date @param {Intl.DateTimeFormatOptions} how */
export function dateText(date, how) {
  return new Intl.DateTimeFormat(language.value, { timeZone: "UTC", ...how }).format(new Date(`${date}T00:00:00Z`));
}

/** @param {Day[]} days @returns {number} seconds spoken */
export function secondsOf(days) {
  return days.reduce((sum, one) => sum + one.totalSpeakingTime, 0);
}

/** @param {number} value @returns {string} minutes as they are read: whole ones from ten, else with one decimal */
export function minutesText(value) {
  return value >= 10 || value === 0 ? String(Math.round(value)) : value.toFixed(1);
}

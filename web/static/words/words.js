// The interface's languages: which one is spoken, its words, its dates and numbers.
import { signal } from "@preact/signals";

/** @typedef {"en" | "ko"} Language */
/** @typedef {keyof typeof import("./en.js").words} Key */
/** @typedef {Record<string, string | number>} Values */

const SOURCES = { en: () => import("./en.js"), ko: () => import("./ko.js") };
const KEPT = "language";

/** @type {import("@preact/signals").Signal<Language>} */
export const language = signal(document.documentElement.lang === "ko" ? "ko" : "en");
/** @type {import("@preact/signals").Signal<Record<string, string>>} */
const words = signal({});

/** Load the words of the language that the page began with. */
export async function start() {
  words.value = (await SOURCES[language.value]()).words;
}

/**
 * Speak another language from now on, also after a reload.
 * @param {Language} wanted
 */
export async function speak(wanted) {
  if (wanted === language.value) return;
  const loaded = (await SOURCES[wanted]()).words;
  localStorage.setItem(KEPT, wanted);
  document.documentElement.lang = wanted;
  words.value = loaded;
  language.value = wanted;
}

/**
 * @param {Key} key
 * @param {Values} [values] what stands in its braces
 * @returns {string} the words in the language that is spoken
 */
export function t(key, values = {}) {
  const text = words.value[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * @param {string} key a key that ends in `.one` and `.other`, without that ending
 * @param {number} count
 * @param {Values} [values]
 * @returns {string} the words for so many
 */
export function counted(key, count, values = {}) {
  const rule = new Intl.PluralRules(language.value).select(count);
  const found = words.value[`${key}.${rule}`] ? rule : "other";
  return t(/** @type {Key} */ (`${key}.${found}`), { count, ...values });
}

/**
 * @param {string} prefix
 * @param {string} name
 * @param {Key} fallback
 * @returns {string} the words for a name that comes from the server, or the fallback's where there are none
 */
export function named(prefix, name, fallback) {
  const key = `${prefix}.${name}`;
  return words.value[key] === undefined ? t(fallback) : t(/** @type {Key} */ (key));
}

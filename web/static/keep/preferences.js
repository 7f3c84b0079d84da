// Choices of this device: how the page looks and sounds. They are kept in the browser, and all tabs follow.
import { signal } from "@preact/signals";

/** @typedef {"system" | "light" | "dark"} Theme */
/** @typedef {"female" | "male"} Voice */

/**
 * @template {string} T
 * @param {string} name
 * @param {T[]} allowed the first one where nothing was chosen
 */
function preference(name, allowed) {
  const read = () => /** @type {T} */ (allowed.find((one) => one === localStorage.getItem(name)) ?? allowed[0]);
  const value = signal(read());
  addEventListener("storage", ({ key }) => {
    if (key === name) value.value = read();
  });
  return {
    value,
    /** @param {T} wanted */
    choose(wanted) {
      localStorage.setItem(name, wanted);
      value.value = wanted;
    },
  };
}

export const theme = preference("theme", /** @type {Theme[]} */ (["system", "light", "dark"]));
export const voice = preference("voice", /** @type {Voice[]} */ (["female", "male"]));
export const captions = preference("captions", ["on", "off"]);
export const singleKeys = preference("singleKeys", ["on", "off"]);

theme.value.subscribe((chosen) => {
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
});

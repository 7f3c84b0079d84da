// Single keys of a page. They are off in fields and on focused controls, and where somebody has switched them off.
import { useEffect } from "preact/hooks";
import { singleKeys } from "../keep/preferences.js";

const OTHERS = "input, textarea, select, button, a, [contenteditable], dialog, [role=slider]";

/** @param {Record<string, () => void>} keys what to do, by the name of the key */
export function useSingleKeys(keys) {
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      const step = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!step || event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (singleKeys.value.value === "off" || (event.target instanceof Element && event.target.closest(OTHERS))) return;
      event.preventDefault();
      step();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [keys]);
}

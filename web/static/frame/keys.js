// Single keys of every page: `/` finds, `?` says which keys there are. They can be switched off in the settings.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { singleKeys } from "../keep/preferences.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { t } from "../words/words.js";

const FIELDS = "input, textarea, select, [contenteditable], dialog";
/** @type {[string, import("../words/words.js").Key][]} */
const KEYS = [
  ["/", "keys.search"],
  ["?", "keys.help"],
  ["Space", "keys.speak"],
  ["R · P · →", "keys.practise"],
  ["↑ ↓", "keys.students"],
  ["Enter", "keys.send"],
  ["Ctrl + Enter", "keys.feedback"],
  ["Shift + Enter", "keys.line"],
  ["J · K · X · R", "keys.letters"],
  ["Esc", "keys.close"],
];

export function Keys() {
  const isOpen = useSignal(false);
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      if (singleKeys.value.value === "off" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.target instanceof Element && event.target.closest(FIELDS)) return;
      const search = event.key === "/" ? document.querySelector("[data-search]") : null;
      if (!(search instanceof HTMLElement) && event.key !== "?") return;
      event.preventDefault();
      if (search instanceof HTMLElement) search.focus();
      else isOpen.value = true;
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  if (!isOpen.value) return null;
  return html`<${Dialog} title=${t("keys.title")} onClose=${() => (isOpen.value = false)}>
    <dl class="keys">${KEYS.map(([key, words]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${t(words)}</dd></div>`)}</dl>
    <div class="dialog-actions"><${Button} autofocus onClick=${() => (isOpen.value = false)}>${t("frame.close")}</${Button}></div>
  </${Dialog}>`;
}

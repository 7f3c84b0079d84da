// A code that came by e-mail, and having it sent again.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { Field } from "../parts/fields.js";
import { t } from "../words/words.js";

const WAIT_SECONDS = 30;

/** @param {{ value: string, onValue: (value: string) => void, problem: string, again: () => Promise<void> }} given */
export function CodeField({ value, onValue, problem, again }) {
  const left = useSignal(WAIT_SECONDS);
  useEffect(() => {
    const timer = setInterval(() => (left.value = Math.max(0, left.value - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  const resend = async () => {
    left.value = WAIT_SECONDS;
    await again();
  };
  const words = left.value ? t("confirm.againIn", { count: left.value }) : t("confirm.again");
  const aside = html`<button type="button" class="link" disabled=${left.value > 0} onClick=${resend}>${words}</button>`;
  return html`<${Field} id="code" label=${t("field.code")} class="input code" inputmode="numeric" autocomplete="one-time-code" required
    aside=${aside} value=${value} problem=${problem} onValue=${onValue} />`;
}

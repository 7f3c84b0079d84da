// Fields with their label above and what is wrong below.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { t } from "../words/words.js";
import { Icon } from "./icon.js";

/** @param {{ id: string, text?: string | null }} given */
export function ProblemText({ id, text }) {
  return text ? html`<p class="problem" id=${id} role="alert"><${Icon} name="circle-alert" />${text}</p>` : null;
}

/**
 * @param {{ id: string, label: string, value: string, onValue: (value: string) => void, problem?: string | null, hint?: string,
 *   aside?: any, [more: string]: any }} given
 */
export function Field({ id, label, value, onValue, problem, hint, aside, ...more }) {
  const described = problem ? `${id}-problem` : hint ? `${id}-hint` : undefined;
  return html`<div class="field">
    <div class="field-head"><label for=${id}>${label}</label>${aside}</div>
    <input class="input" id=${id} value=${value} aria-invalid=${problem ? "true" : undefined} aria-describedby=${described}
      onInput=${(/** @type {any} */ event) => onValue(event.currentTarget.value)} ...${more} />
    ${hint && !problem ? html`<p class="hint" id="${id}-hint">${hint}</p>` : null}
    <${ProblemText} id="${id}-problem" text=${problem} />
  </div>`;
}

/** @param {{ id: string, label: string, value: string, onValue: (value: string) => void, problem?: string | null, aside?: any, [more: string]: any }} given */
export function PasswordField({ id, label, value, onValue, problem, aside, ...more }) {
  const shown = useSignal(false);
  return html`<div class="field">
    <div class="field-head"><label for=${id}>${label}</label>${aside}</div>
    <div class="with-button">
      <input class="input" id=${id} type=${shown.value ? "text" : "password"} value=${value} autocapitalize="none" spellcheck=${false}
        aria-invalid=${problem ? "true" : undefined} aria-describedby=${problem ? `${id}-problem` : undefined}
        onInput=${(/** @type {any} */ event) => onValue(event.currentTarget.value)} ...${more} />
      <button type="button" class="button only" aria-label=${t("field.showPassword")} aria-pressed=${shown.value} title=${t("field.showPassword")}
        onClick=${() => (shown.value = !shown.value)}><${Icon} name=${shown.value ? "eye-off" : "eye"} /></button>
    </div>
    <${ProblemText} id="${id}-problem" text=${problem} />
  </div>`;
}

/**
 * A choice of few: one of them, always.
 * @param {{ name: string, label: string, value: string, options: { value: string, label: any }[], onValue: (value: string) => void }} given
 */
export function Segments({ name, label, value, options, onValue }) {
  return html`<div class="segments" role="radiogroup" aria-label=${label}>
    ${options.map(
      (option) => html`<label key=${option.value}><input type="radio" name=${name} value=${option.value} checked=${option.value === value}
        onChange=${() => onValue(option.value)} /><span>${option.label}</span></label>`,
    )}
  </div>`;
}

/** @param {{ label: string, checked: boolean, onValue: (value: boolean) => void, hint?: string }} given */
export function Switch({ label, checked, onValue, hint }) {
  return html`<label class="switch"><input type="checkbox" role="switch" checked=${checked}
    onChange=${(/** @type {any} */ event) => onValue(event.currentTarget.checked)} />
    <span>${label}${hint ? html`<br /><span class="secondary">${hint}</span>` : null}</span></label>`;
}

// The rules of a password, ticked off while it is typed.
import { html } from "htm/preact";
import { Icon } from "../parts/icon.js";
import { t } from "../words/words.js";

/** @type {[import("../words/words.js").Key, RegExp][]} */
const RULES = [
  ["rules.length", /^.{8,}$/su],
  ["rules.upper", /[A-Z]/],
  ["rules.lower", /[a-z]/],
  ["rules.digit", /\d/],
  ["rules.symbol", /[^A-Za-z0-9\s]/],
];

/** @param {string} password @returns {boolean} whether the gateway will take it */
export function keepsRules(password) {
  return RULES.every(([, rule]) => rule.test(password));
}

/** @param {{ password: string, id: string }} given */
export function PasswordRules({ password, id }) {
  return html`<ul class="rules" id=${id} aria-label=${t("rules.title")}>
    ${RULES.map(([key, rule]) => {
      const met = rule.test(password);
      return html`<li key=${key} class=${met ? "met" : ""}><${Icon} name=${met ? "circle-check" : "circle"} />
        <span>${t(key)}<span class="hidden-text"> ${met ? t("rules.met") : t("rules.notMet")}</span></span></li>`;
    })}
  </ul>`;
}

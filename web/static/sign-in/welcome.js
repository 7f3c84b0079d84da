// Where nobody is signed in: one form, and a sentence that can be heard.
import { useSignalEffect } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { address, route } from "../frame/router.js";
import { Icon, Logo } from "../parts/icon.js";
import { language, speak, t } from "../words/words.js";
import { ConfirmForm } from "./confirm-form.js";
import { ForgotForm, ResetForm } from "./reset-forms.js";
import { SignInForm } from "./sign-in-form.js";
import { SignUpForm } from "./sign-up-form.js";
import { SampleSentence } from "./sample-sentence.js";

/** @type {Record<string, () => any>} */
const FORMS = { "sign-up": SignUpForm, confirm: ConfirmForm, forgot: ForgotForm, reset: ResetForm };

export function Welcome() {
  const name = route.value.parts[0] ?? "";
  const Form = FORMS[name] ?? SignInForm;
  const main = useRef(/** @type {HTMLElement | null} */ (null));
  const isFirst = useRef(true);
  useEffect(() => {
    const heading = main.current?.querySelector("h1");
    document.title = `${heading?.textContent ?? ""} · SpeakTracker`;
    if (!isFirst.current) heading?.focus();
    isFirst.current = false;
  }, [Form]);
  useSignalEffect(() => {
    language.value;
    queueMicrotask(() => (document.title = `${main.current?.querySelector("h1")?.textContent ?? ""} · SpeakTracker`));
  });
  const other = language.value === "en" ? "ko" : "en";
  return html`<div class="welcome">
    <header class="welcome-top">
      <a class="brand" href=${address("/sign-in")}><${Logo} /><span>SpeakTracker</span></a>
      <button type="button" class="button quiet" lang=${other} onClick=${() => speak(other)}>
        <${Icon} name="languages" />${other === "ko" ? "한국어" : "English"}</button>
    </header>
    <main ref=${main}><${Form} /></main>
    <aside class="welcome-aside" aria-label=${t("welcome.sample")}><${SampleSentence} /><p class="secondary">${t("welcome.about")}</p></aside>
    <footer class="welcome-foot">${t("welcome.recordings")}</footer>
  </div>`;
}

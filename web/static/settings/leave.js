import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { sentence } from "../api/problem.js";
import { signOut } from "../api/session.js";
import { Button } from "../parts/button.js";
import { ProblemText } from "../parts/fields.js";
import { t } from "../words/words.js";
import { Section } from "./section.js";

export function LeaveSection() {
  const problem = useSignal("");
  const busy = useSignal(false);
  const leave = async () => {
    busy.value = true;
    try {
      await signOut();
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  return html`<${Section} title=${t("settings.thisSignIn")}>
    <div><${Button} icon="log-out" busy=${busy.value} onClick=${leave}>${t("settings.signOut")}</${Button}></div>
    <${ProblemText} id="leave-problem" text=${problem.value} />
  </${Section}>`;
}

// Ending with a student.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { go } from "../frame/router.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { ProblemText } from "../parts/fields.js";
import { t } from "../words/words.js";
import { loadStudents } from "./roster.js";

/** @param {{ student: import("./roster.js").Student, onClose: () => void }} given */
export function EndTeaching({ student, onClose }) {
  const busy = useSignal(false);
  const problem = useSignal("");
  const sure = async () => {
    busy.value = true;
    try {
      await api.endTeaching(call, { path: { email: student.email } });
      onClose();
      go("/students", { replace: true });
      await loadStudents();
    } catch (failure) {
      problem.value = sentence(failure);
      busy.value = false;
    }
  };
  return html`<${Dialog} title=${t("students.endTitle", { name: student.name })} onClose=${onClose}><div class="stack"><p>${t("students.endText")}</p><${ProblemText} id="end-problem" text=${problem.value} />
    <div class="dialog-actions"><${Button} autofocus onClick=${onClose}>${t("frame.cancel")}</${Button}><${Button} kind="danger sure" busy=${busy.value} onClick=${sure}>${t("students.end")}</${Button}></div></div></${Dialog}>`;
}

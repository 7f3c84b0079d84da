// Emptying a worker before it is stopped: what it comes to, and, after it, what it did.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { toast } from "../frame/toasts.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { ProblemText } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { counted, t } from "../words/words.js";
import { refusal } from "./steering.js";
import { isDraining, isSilent, lookOnce, nodeOf, noteDrained, workers } from "./watch.js";

/** @param {{ one: import("./watch.js").WorkerItem, onClose: () => void }} given */
export function DrainDialog({ one, onClose }) {
  const busy = useSignal(false);
  const problem = useSignal("");
  const others = (workers.value ?? []).filter((other) => nodeOf(other) !== nodeOf(one) && !isSilent(other) && !isDraining(other)).flatMap((other) => other.queues);
  const alone = one.queues.filter((queue) => !others.includes(queue));
  const drain = async () => {
    busy.value = true;
    try {
      const told = await api.drainWorker(call, { path: { worker: nodeOf(one) } });
      noteDrained(one);
      toast(told.isIdle ? t("ops.drainedIdle", { name: one.name }) : t("ops.drained", { name: one.name, running: told.running, waiting: told.waiting }));
      onClose();
      void lookOnce();
    } catch (failure) {
      problem.value = refusal(failure);
      busy.value = false;
    }
  };
  return html`<${Dialog} title=${t("ops.drainTitle", { name: one.name })} onClose=${onClose}><div class="stack"><p>${one.running ? counted("ops.drainText", one.running) : t("ops.drainNothing")}</p>
    ${alone.length ? html`<p class="composer-note warn-text"><${Icon} name="triangle-alert" />${t("ops.drainAlone", { queues: alone.join(", ") })}</p>` : null}<${ProblemText} id="drain-problem" text=${problem.value} />
    <div class="dialog-actions"><${Button} autofocus onClick=${onClose}>${t("frame.cancel")}</${Button}><${Button} kind="danger sure" busy=${busy.value} onClick=${drain}>${t("ops.drainDo")}</${Button}></div></div></${Dialog}>`;
}

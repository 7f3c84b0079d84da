// Giving a worker more processes: how many in all, so that asking twice adds them once.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { toast } from "../frame/toasts.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { Field } from "../parts/fields.js";
import { counted, t } from "../words/words.js";
import { refusal } from "./steering.js";
import { lookOnce, nodeOf } from "./watch.js";

const MOST = 256;

/** @param {{ one: import("./watch.js").WorkerItem, onClose: () => void }} given */
export function GrowDialog({ one, onClose }) {
  const places = useSignal(String(one.places + 1));
  const busy = useSignal(false);
  const problem = useSignal("");
  const grow = async (/** @type {Event} */ event) => {
    event.preventDefault();
    busy.value = true;
    try {
      const told = await api.growWorker(call, { path: { worker: nodeOf(one) }, body: { places: Number(places.value) } });
      toast(counted("ops.grown", told.places, { name: one.name }));
      onClose();
      void lookOnce();
    } catch (failure) {
      problem.value = refusal(failure);
      busy.value = false;
    }
  };
  return html`<${Dialog} title=${t("ops.growTitle", { name: one.name })} onClose=${onClose}><form class="stack" onSubmit=${grow}><p>${counted("ops.growText", one.places)}</p>
    <${Field} id="grow-places" label=${t("ops.growPlaces")} type="number" required inputmode="numeric" min=${one.places + 1} max=${MOST} value=${places.value} problem=${problem.value} onValue=${(/** @type {string} */ value) => (places.value = value)} />
    <div class="dialog-actions"><${Button} onClick=${onClose}>${t("frame.cancel")}</${Button}><${Button} kind="primary" type="submit" busy=${busy.value}>${t("ops.growDo", { count: places.value || "…" })}</${Button}></div></form></${Dialog}>`;
}

// A map that is being drawn: how far it is, and letting it be.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { toast } from "../frame/toasts.js";
import { finished } from "../live/jobs.js";
import { Button } from "../parts/button.js";
import { named, t } from "../words/words.js";

const STAGES = ["collected", "read", "understood", "connected", "named", "drawn"];
const LONGEST_MS = 900_000;

/** @param {{ map: import("./types.js").MapItem, reload: () => Promise<unknown> }} given */
export function MakingMap({ map, reload }) {
  const stage = useSignal("");
  const share = useSignal(0);
  const busy = useSignal(false);
  useEffect(() => {
    const follow = (/** @type {{ stage?: string, done?: number, total?: number }} */ job) => {
      stage.value = job.stage ?? "";
      const at = STAGES.indexOf(stage.value);
      share.value = at < 0 ? 0 : (at + (job.total ? (job.done ?? 0) / job.total : 1)) / STAGES.length;
    };
    finished(map.jobId, follow, LONGEST_MS).then(reload, reload);
  }, [map.jobId]);
  const cancel = async () => {
    busy.value = true;
    await api.cancelJob(call, { path: { jobId: map.jobId } }).catch((failure) => toast(sentence(failure), { icon: "circle-alert" }));
    await reload();
    busy.value = false;
  };
  const words = named("map.stage", stage.value, "map.stage.begun");
  return html`<div class="making" role="status"><div><strong dir="auto">${map.name || t("map.title")}</strong><span class="secondary">${words}</span></div><progress max="1" value=${share.value || undefined} aria-label=${words}></progress>
    <${Button} kind="quiet" class="small" busy=${busy.value} onClick=${cancel}>${t("frame.cancel")}</${Button}></div>`;
}

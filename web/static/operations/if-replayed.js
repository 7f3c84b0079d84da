// What sending a letter again would come to, as the platform itself says it: nothing is sent for that.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Icon } from "../parts/icon.js";
import { named, t } from "../words/words.js";
import { isSilent, unattended, workers } from "./watch.js";

/** @typedef {{ id: string, outcome: string, isDone: boolean, hasArguments: boolean, isTaskKnown: boolean }} Check */

/** @param {{ one: import("./letters.js").LetterItem }} given */
export function IfReplayed({ one }) {
  const check = useSignal(/** @type {Check | null} */ (null));
  useEffect(() => {
    if (one.state !== "open") return;
    void api.replayDeadLetters(call, { body: { fingerprint: one.fingerprint, dryRun: true } }).then((answer) => (check.value = ("checks" in answer && answer.checks.find((found) => found.id === one.id)) || null), () => {});
  }, [one.id]);
  const found = check.value;
  /** @type {[boolean, string][]} */
  const lines = [];
  if (one.state === "parked") lines.push([false, t("letters.parkedText")]);
  if (found) {
    lines.push([found.outcome === "sent", named("letters.would", found.outcome, "letters.would.settled")]);
    lines.push([found.hasArguments, t(found.hasArguments ? "letters.argumentsThere" : "letters.argumentsGone")]);
    if (!found.isTaskKnown) lines.push([false, t("letters.taskUnknown")]);
  }
  const silent = (workers.value ?? []).filter((worker) => worker.queues.includes(one.queue) && isSilent(worker)).length;
  if (unattended.value.includes(one.queue)) lines.push([false, t("ops.nobodyListens", { queues: one.queue })]);
  else if (silent) lines.push([false, t("letters.silentWorkers", { queue: one.queue, count: silent })]);
  if (!lines.length) return null;
  return html`<section class="if-replayed"><h3>${t("letters.ifReplayed")}</h3><ul>${lines.map(([isGood, text]) => html`<li key=${text} class=${isGood ? "ok" : "warn"}><${Icon} name=${isGood ? "circle-check" : "triangle-alert"} />${text}</li>`)}</ul></section>`;
}

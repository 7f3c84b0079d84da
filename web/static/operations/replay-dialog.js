// Sending letters again: how many, what it would come to, one first as a canary where that is wanted, and how far it is.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call, freshId } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { finished } from "../live/jobs.js";
import { toast } from "../frame/toasts.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { ProblemText, Switch } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { counted, named, t } from "../words/words.js";
import { selected, wholeCauses } from "./letters.js";

const RATE = 10;
const LONGEST_MS = 900_000;
const CANARY_MS = 120_000;
const ASK_MS = 500;

/** @param {{ onClose: () => void, changed: () => Promise<unknown> }} given */
export function ReplayDialog({ onClose, changed }) {
  const ids = useSignal([...selected.value]);
  const causes = useSignal(wholeCauses());
  const impossible = useSignal(0);
  const canary = useSignal(ids.value.length > 1);
  const stage = useSignal("");
  const problem = useSignal("");
  const count = ids.value.length;
  useEffect(() => {
    for (const fingerprint of causes.value) {
      void api.replayDeadLetters(call, { body: { fingerprint, dryRun: true } }).then((answer) => (impossible.value += "checks" in answer ? answer.checks.filter((one) => one.outcome !== "sent").length : 0), () => {});
    }
  }, []);
  const start = async () => {
    problem.value = "";
    stage.value = t(canary.value ? "letters.canaryRuns" : "letters.sending");
    let unsent = 0;
    try {
      if (causes.value.length) for (const fingerprint of causes.value) await byCause(fingerprint, canary.value, (words) => (stage.value = words));
      else unsent = await oneByOne(ids.value, canary.value, (words) => (stage.value = words));
      if (unsent) toast(counted("letters.impossible", unsent), { icon: "circle-alert" });
      onClose();
    } catch (failure) {
      problem.value = failure instanceof CanaryDied ? t("letters.canaryDied") : failure instanceof Error && "code" in failure && String(failure.code).startsWith("CANARY") ? t("letters.canaryDied") : sentence(failure);
      stage.value = "";
    }
    await changed();
  };
  return html`<${Dialog} title=${counted("letters.replayTitle", count)} onClose=${onClose}><div class="stack"><p>${t("letters.replayText", { rate: RATE })}</p>
    ${impossible.value ? html`<p class="composer-note warn-text"><${Icon} name="triangle-alert" />${counted("letters.impossible", impossible.value)}</p>` : null}
    ${count > 1 ? html`<${Switch} label=${t("letters.canary")} hint=${t("letters.canaryHint")} checked=${canary.value} onValue=${(/** @type {boolean} */ value) => (canary.value = value)} />` : null}
    ${stage.value ? html`<div class="hearing-result" role="status"><span>${stage.value}</span><progress aria-label=${stage.value}></progress></div>` : null}<${ProblemText} id="replay-problem" text=${problem.value} />
    <div class="dialog-actions"><${Button} onClick=${onClose}>${t("frame.cancel")}</${Button}><${Button} kind="primary" autofocus busy=${Boolean(stage.value)} onClick=${start}>${counted("letters.replay", count)}</${Button}></div></div></${Dialog}>`;
}

class CanaryDied extends Error {}

/** All letters of a cause, by a job of the platform. @param {string} fingerprint @param {boolean} canary @param {(words: string) => void} tell */
async function byCause(fingerprint, canary, tell) {
  const answer = await api.replayDeadLetters(call, { body: { fingerprint, canary, ratePerSecond: RATE }, key: freshId() });
  if (!("jobId" in answer)) return;
  await finished(answer.jobId, (job) => tell(`${named("letters.stage", job.stage ?? "", "letters.sending")} ${job.sent ?? ""}`), LONGEST_MS);
}

/**
 * Each letter for itself: one that cannot be sent keeps no other back, but for the canary.
 * @param {string[]} ids @param {boolean} canary @param {(words: string) => void} tell
 * @returns {Promise<number>} how many were not sent
 * @throws {CanaryDied}
 */
async function oneByOne(ids, canary, tell) {
  let unsent = 0;
  for (const [index, id] of ids.entries()) {
    const isCanary = canary && index === 0 && ids.length > 1;
    const isSent = await api.replayDeadLetter(call, { path: { letterId: id } }).then((answer) => answer.replayed, () => false);
    if (!isSent) unsent += 1;
    if (isCanary && !isSent) throw new CanaryDied();
    if (isCanary) await succeeded(id);
    tell(`${t("letters.sending")} ${index + 1}`);
  }
  return unsent;
}

/** @param {string} id @returns {Promise<void>} when the letter's job has ended well @throws {CanaryDied} */
async function succeeded(id) {
  for (const until = Date.now() + CANARY_MS; Date.now() < until; ) {
    const letter = await api.showDeadLetter(call, { path: { letterId: id } });
    if (letter.succeededAt) return;
    if (letter.state !== "replayed") throw new CanaryDied();
    await new Promise((over) => setTimeout(over, ASK_MS));
  }
  throw new CanaryDied();
}

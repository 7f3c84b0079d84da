// What feedback is about: the sentence that was said with its part marked, and that second of the recording.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { go } from "../frame/router.js";
import { Button } from "../parts/button.js";
import { startSet } from "../practise/sets.js";
import { play } from "../voice/player.js";
import { soundOfRecording } from "../voice/sounds.js";
import { t } from "../words/words.js";

/** @typedef {import("../api/contracts.js").Feedback} Feedback */
/** @typedef {import("../api/contracts.js").Result} Result */

const BEFORE_MS = 300;
const AFTER_MS = 2_500;

/** @param {{ one: Feedback, onLeave?: () => void }} given one's own result; nothing is shown where it is gone */
export function AnchorOf({ one, onLeave }) {
  const result = useSignal(/** @type {Result | null} */ (null));
  const resultId = one.anchor?.resultId;
  useEffect(() => {
    if (!resultId) return;
    void api.showResult(call, { path: { resultId } }).then((found) => (result.value = found), () => {});
  }, [resultId]);
  const found = result.value;
  if (!found) return null;
  const second = one.anchor?.second;
  const listen = async () => {
    const answer = await fetch(/** @type {string} */ (found.recordingUrl)).catch(() => null);
    if (!answer?.ok) return;
    const { source } = await soundOfRecording(await answer.blob());
    const at = (second ?? 0) * 1000;
    await play(`feedback-${one.feedback_id}`, source, { from: Math.max(0, at - BEFORE_MS), ...(second === null || second === undefined ? {} : { until: at + AFTER_MS }) }).catch(() => {});
  };
  const again = () => {
    startSet(t("practise.review"), [{ english: found.originalText }]);
    onLeave?.();
    go("/practise/set");
  };
  return html`<div class="anchor"><p class="serif" lang="en"><${Marked} text=${found.originalText} from=${one.anchor?.from} to=${one.anchor?.to} /></p>
    <div class="anchor-actions">${found.recordingUrl ? html`<${Button} class="small" icon="play" onClick=${listen}>${t("word.mine")}</${Button}>` : null}
      <${Button} class="small" icon="mic" onClick=${again}>${t("practise.sayAgain")}</${Button}></div></div>`;
}

/** @param {{ text: string, from?: number | null, to?: number | null }} given */
function Marked({ text, from, to }) {
  if (from === null || from === undefined || !to || to <= from) return text;
  return html`${text.slice(0, from)}<mark>${text.slice(from, to)}</mark>${text.slice(to)}`;
}

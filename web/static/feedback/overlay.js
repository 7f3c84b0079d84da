// A tutor's words over the page, at once: never modal, never taking the focus. While one records it is a strip.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { address } from "../frame/router.js";
import { Avatar } from "../parts/avatar.js";
import { Button, IconButton } from "../parts/button.js";
import { loudnessOf } from "../voice/sounds.js";
import { PlayerRow } from "../voice/player-row.js";
import { recorder } from "../voice/recorder.js";
import { ago } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { AnchorOf } from "./anchor.js";
import { inbox, readFeedback, tutorNames } from "./inbox.js";

/** @typedef {import("../api/contracts.js").Feedback} Feedback */

export const KINDS = { tip: "accent", praise: "ok", correction: "warn" };

export function FeedbackOverlay() {
  const [one, ...more] = inbox.value;
  return one ? html`<${Card} key=${one.feedback_id} one=${one} more=${more.length} />` : null;
}

/** @param {{ one: Feedback, more: number }} given */
function Card({ one, more }) {
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  const name = tutorNames.value[one.tutor_email] || one.tutor_email;
  const isRecording = recorder.value.name === "listening";
  const close = () => readFeedback(one);
  useEffect(() => {
    if (isRecording) return;
    const outside = (/** @type {PointerEvent} */ event) => {
      if (event.target instanceof Node && !card.current?.contains(event.target)) close();
    };
    const escaped = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) close();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", escaped);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", escaped);
    };
  }, [one, isRecording]);
  if (isRecording) return html`<div class="overlay-strip" role="status"><${Avatar} name=${name} id=${one.tutor_email} size="small" /><span dir="auto"><strong>${name}</strong> ${one.message}</span></div>`;
  return html`<span class="hidden-text" role="status">${t("feedback.from", { name })}: ${one.message}</span>
    <section class="overlay" ref=${card} role="dialog" aria-modal="false" aria-label=${t("feedback.from", { name })}>
      <header><${Avatar} name=${name} id=${one.tutor_email} size="large" /><div><strong dir="auto">${name}</strong><span class="secondary">${t("feedback.yourTutor")}, ${ago(one.timestamp)}</span></div>
        ${one.kind ? html`<span class="chip ${KINDS[one.kind]}">${t(`feedback.${one.kind}`)}</span>` : null}
        <${IconButton} label=${t("frame.close")} icon="x" class="not-phone" onClick=${close} /></header>
      <p class="overlay-words" dir="auto">${one.message}</p>
      ${one.anchor?.resultId ? html`<${AnchorOf} one=${one} onLeave=${close} />` : null}
      ${one.audio_url ? html`<${Voice} one=${one} />` : null}
      <div class="overlay-actions"><${Button} kind="primary" onClick=${close}>${t("feedback.gotIt")}</${Button}>
        <a class="button quiet" href=${address(`/feedback?with=${encodeURIComponent(one.tutor_email)}`)} onClick=${close}>${t("feedback.all")}</a>
        ${more ? html`<span class="secondary">${counted("feedback.more", more)}</span>` : null}</div>
      <p class="caption overlay-note not-phone">${t("feedback.closes")}</p>
    </section>`;
}

/** @param {{ one: Feedback }} given */
export function Voice({ one }) {
  const sound = useSignal(/** @type {import("../voice/sounds.js").Sound | null} */ (null));
  const load = async () => {
    if (sound.value) return sound.value;
    const address = /** @type {string} */ (one.audio_url);
    const bytes = await fetch(address).then((answer) => answer.arrayBuffer(), () => null);
    const measured = bytes ? await loudnessOf(bytes.slice(0)) : { peaks: [], durationMs: 0 };
    const source = bytes ? URL.createObjectURL(new Blob([bytes])) : address;
    return (sound.value = { source, words: [], text: "", ...measured });
  };
  return html`<div class="overlay-voice"><${PlayerRow} id="feedback-${one.feedback_id}" load=${load} sound=${sound.value} label=${t("room.voice")} /></div>`;
}

// Something that was said here and is not yet safe there: it waits, or it failed and may be sent again.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { named, t } from "../words/words.js";
import { Icon } from "../parts/icon.js";
import { captionOf } from "./attachment.js";
import { change, forget } from "./outbox.js";

const PATIENT_MS = 2_000;

/** @param {{ pending: import("./outbox.js").Pending, isOpen: boolean, send: () => void }} given */
export function PendingRow({ pending, isOpen, send }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), PATIENT_MS);
    return () => clearTimeout(timer);
  }, []);
  const again = () => {
    change(pending.requestId, { failed: undefined, sentAt: undefined });
    send();
  };
  const state = pending.failed ? "failed" : !isOpen || isSlow ? "waiting" : "";
  const what = pending.messageType === "IMAGE" ? t("room.image") : pending.messageType === "VOICE" ? t("room.voice") : "";
  return html`<div class="message own first ${state}">
    <div class="message-body">
      <div class="bubble">${what ? html`<p class="secondary">${what}</p>` : null}${captionOf(pending) ? html`<p class="words" dir="auto">${captionOf(pending)}</p>` : null}</div>
      ${state === "failed"
        ? html`<p class="message-foot bad" role="alert"><${Icon} name="circle-alert" />${named("problem", pending.failed ?? "", "problem.INTERNAL_SERVER_ERROR")}
            <button type="button" class="link" onClick=${again}>${t("room.again")}</button>
            <button type="button" class="link" onClick=${() => forget(pending.requestId)}>${t("room.throwAway")}</button></p>`
        : html`<p class="message-foot ${state}">${state ? html`<${Icon} name="clock" />${isOpen ? t("room.sending") : t("room.waits")}` : t("room.sending")}</p>`}
    </div>
  </div>`;
}

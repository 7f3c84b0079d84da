// Where one writes, speaks or adds a picture. What is typed lies on this device until it is sent.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { draftOf, keepDraft } from "../keep/drafts.js";
import { Button, IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { discardRecording, forgetBlocked, leftRecordings, record, recorder, recordingOf } from "../voice/recorder.js";
import { RecorderStrip } from "../voice/recorder-strip.js";
import { minutesAndSeconds } from "../words/times.js";
import { t } from "../words/words.js";
import { PLAIN } from "./attachment.js";
import { say } from "./outbox.js";

const LONGEST = 4_000;
const TYPING_EVERY_MS = 3_000;
const MOST_BYTES = 10 * 1024 * 1024;
const PICTURES = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/** @param {{ connection: import("./room-connection.js").RoomConnection }} given */
export function Composer({ connection }) {
  const { roomId } = connection;
  const place = `room/${roomId}`;
  const text = useSignal("");
  const left = useSignal(/** @type {import("../voice/recorder.js").Recording[]} */ ([]));
  const problem = useSignal("");
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const toldAt = useRef(0);
  useEffect(() => {
    void draftOf(place).then((kept) => (text.value ||= kept));
    void leftRecordings(place).then((found) => (left.value = found));
    return () => connection.tellTyping(false);
  }, [roomId]);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text.value]);
  const typed = (/** @type {any} */ event) => {
    text.value = event.currentTarget.value;
    keepDraft(place, text.value);
    const now = Date.now();
    if (text.value && now - toldAt.current < TYPING_EVERY_MS) return;
    toldAt.current = text.value ? now : 0;
    connection.tellTyping(Boolean(text.value));
  };
  const send = async () => {
    const content = text.value.trim();
    if (!content) return;
    text.value = "";
    toldAt.current = 0;
    await say({ roomId, content, messageType: "TEXT" });
    keepDraft(place, text.value);
    connection.tellTyping(false);
    void connection.sending.pump();
  };
  const attach = async (/** @type {any} */ event) => {
    const file = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    if (!file) return;
    problem.value = PICTURES.includes(file.type) ? (file.size > MOST_BYTES ? t("problem.PAYLOAD_TOO_LARGE") : "") : t("problem.UNSUPPORTED_MEDIA_TYPE");
    if (problem.value) return;
    await say({ roomId, content: text.value.trim() || PLAIN.IMAGE, messageType: "IMAGE", file });
    text.value = "";
    keepDraft(place, "");
    void connection.sending.pump();
  };
  const sendRecording = async (/** @type {string} */ id) => {
    const file = await recordingOf(id);
    if (file.size) await say({ roomId, content: PLAIN.VOICE, messageType: "VOICE", file });
    await discardRecording(id);
    left.value = left.value.filter((one) => one.id !== id);
    void connection.sending.pump();
  };
  const speak = async () => {
    forgetBlocked();
    const id = await record(place);
    if (id) await sendRecording(id);
    area.current?.focus();
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void send();
  };
  if (recorder.value.name === "listening") return html`<div class="composer"><${RecorderStrip} /></div>`;
  return html`
    ${left.value.map((one) => html`<${Left} key=${one.id} recording=${one} send=${() => sendRecording(one.id)} discard=${() => discardRecording(one.id).then(() => (left.value = left.value.filter((other) => other.id !== one.id)))} />`)}
    ${recorder.value.name === "blocked" ? html`<p class="composer-note bad" role="alert"><${Icon} name="mic-off" />${t("voice.blocked")}</p>` : null}
    ${problem.value ? html`<p class="composer-note bad" role="alert"><${Icon} name="circle-alert" />${problem.value}</p>` : null}
    <div class="composer">
      <textarea ref=${area} rows="1" maxlength=${LONGEST} dir="auto" aria-label=${t("room.write")} placeholder=${t("room.write")} value=${text.value}
        onInput=${typed} onKeyDown=${keys} enterkeyhint="send"></textarea>
      <label class="button only" title=${t("room.addImage")}><${Icon} name="image" /><span class="hidden-text">${t("room.addImage")}</span>
        <input class="hidden-text" type="file" accept=${PICTURES.join(",")} onChange=${attach} /></label>
      <${IconButton} label=${t("room.speak")} icon="mic" onClick=${speak} />
      <${IconButton} label=${t("room.send")} icon="arrow-up" kind="primary" aria-disabled=${text.value.trim() ? undefined : "true"} onClick=${send} />
    </div>`;
}

/** @param {{ recording: import("../voice/recorder.js").Recording, send: () => void, discard: () => void }} given */
function Left({ recording, send, discard }) {
  const length = recording.seconds ? ` ${minutesAndSeconds(recording.seconds)}` : "";
  return html`<p class="composer-note"><${Icon} name="mic" /><span>${t("voice.left")}${length}</span>
    <${Button} class="small" onClick=${send}>${t("room.send")}</${Button}><${Button} kind="quiet" class="small" onClick=${discard}>${t("voice.discard")}</${Button}></p>`;
}

// How one speaks to the partner: aloud, looked at before it counts, or in writing. Space speaks, and interrupts.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { sentence } from "../api/problem.js";
import { captions, singleKeys } from "../keep/preferences.js";
import { draftOf, keepDraft } from "../keep/drafts.js";
import { Button, IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { discardRecording, forgetBlocked, leftRecordings, record, recorder } from "../voice/recorder.js";
import { RecorderStrip } from "../voice/recorder-strip.js";
import { counted, t } from "../words/words.js";
import { transcriptOf } from "./hearing.js";

const LONGEST = 4_000;
const FIELDS = "input, textarea, select, button, a, [contenteditable], dialog";

/** @typedef {{ recordingId: string, confidence: number | null }} HeardWords */

/** @param {{ talk: import("./talk.js").Talk }} given */
export function Speaking({ talk }) {
  const place = `partner/${talk.id}`;
  const text = useSignal("");
  const heard = useSignal(/** @type {HeardWords | null} */ (null));
  const isHearing = useSignal(false);
  const problem = useSignal("");
  const left = useSignal("");
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const now = talk.current.value;
  const isSpeaking = Boolean((now && now.stage !== "done" && !now.failed) || talk.voice.now.value);
  const write = (/** @type {string} */ value) => {
    text.value = value;
    keepDraft(place, value);
  };
  const hear = async (/** @type {string} */ recordingId) => {
    isHearing.value = true;
    problem.value = "";
    left.value = "";
    try {
      const { transcript, confidence } = await transcriptOf(recordingId);
      if (!transcript) {
        problem.value = t("talk.noWords");
        await discardRecording(recordingId);
        return;
      }
      write(transcript);
      heard.value = { recordingId, confidence: confidence ?? null };
      requestAnimationFrame(() => area.current?.focus());
    } catch (failure) {
      problem.value = `${sentence(failure)} ${t("voice.safe")}`;
      left.value = recordingId;
    } finally {
      isHearing.value = false;
    }
  };
  const speak = async () => {
    talk.interrupt();
    forgetBlocked();
    problem.value = "";
    const id = await record(place);
    if (id) await hear(id);
  };
  const send = async () => {
    const message = text.value.trim();
    if (!message) return;
    const recordingId = heard.value?.recordingId;
    heard.value = null;
    write("");
    await talk.say(message);
    if (recordingId) await discardRecording(recordingId);
  };
  useEffect(() => {
    void draftOf(place).then((kept) => (text.value ||= kept));
    void leftRecordings(place).then((found) => (left.value = found[0]?.id ?? ""));
  }, [talk]);
  useSpace(speak);
  useLayoutEffect(() => {
    if (!area.current) return;
    area.current.style.height = "auto";
    area.current.style.height = `${area.current.scrollHeight}px`;
  }, [text.value, isHearing.value, recorder.value.name]);
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && heard.value) return void again();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void send();
  };
  const again = () => {
    if (heard.value) void discardRecording(heard.value.recordingId);
    heard.value = null;
    write("");
    void speak();
  };
  if (recorder.value.name === "listening") return html`<div class="composer"><${RecorderStrip} /></div>`;
  if (isHearing.value) return html`<div class="composer hearing"><span role="status">${t("voice.hearing")}</span><progress aria-label=${t("voice.hearing")}></progress></div>`;
  const isPhone = matchMedia("(max-width: 719.98px)").matches;
  const placeholder = isSpeaking ? t(isPhone ? "talk.interruptShort" : "talk.interrupt") : t("talk.write");
  const isOn = captions.value.value === "on";
  return html`
    ${recorder.value.name === "blocked" ? html`<p class="composer-note bad" role="alert"><${Icon} name="mic-off" />${t("voice.blocked")}</p>` : null}
    ${problem.value ? html`<p class="composer-note bad" role="alert"><${Icon} name="circle-alert" /><span>${problem.value}</span></p>` : null}
    ${left.value ? html`<p class="composer-note"><${Icon} name="mic" /><span>${t("voice.left")}</span><${Button} class="small" onClick=${() => hear(left.value)}>${t("voice.useIt")}</${Button}>
      <${Button} kind="quiet" class="small" onClick=${() => discardRecording(left.value).then(() => (left.value = ""))}>${t("voice.discard")}</${Button}></p>` : null}
    ${heard.value ? html`<p class="composer-note heard-note"><${Icon} name="check" /><span>${heard.value.confidence === null ? t("talk.heard") : counted("talk.heardSure", Math.round(heard.value.confidence * 100))}</span></p>` : null}
    <div class="composer partner-composer">
      <textarea ref=${area} rows="1" maxlength=${LONGEST} dir="auto" lang="en" aria-label=${t("talk.write")} placeholder=${placeholder} value=${text.value}
        onInput=${(/** @type {any} */ event) => write(event.currentTarget.value)} onKeyDown=${keys} enterkeyhint="send"></textarea>
      <${IconButton} label=${t("settings.captions")} icon="captions" class="not-phone" aria-pressed=${isOn} onClick=${() => captions.choose(isOn ? "off" : "on")} />
      ${isSpeaking && !text.value ? html`<${Button} icon="square" class="stop" onClick=${() => talk.interrupt()}>${t("talk.stop")}</${Button}>` : null}
      ${heard.value ? html`<${Button} kind="quiet" icon="rotate-ccw" onClick=${again}><span class="not-phone">${t("talk.sayAgain")}</span></${Button}>` : null}
      ${text.value.trim()
        ? html`<${IconButton} label=${t("room.send")} icon="arrow-up" kind="primary" onClick=${send} />`
        : html`<${Button} kind="voice" icon="mic" class="speak" onClick=${speak}><span class="not-phone">${t("talk.speak")}</span><span class="hidden-text only-phone">${t("talk.speak")}</span></${Button}>`}
    </div>`;
}

/** Space outside of fields and controls speaks, unless single keys are switched off. @param {() => void} speak */
function useSpace(speak) {
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== " " || event.repeat || singleKeys.value.value === "off" || recorder.value.name === "listening") return;
      if (event.target instanceof Element && event.target.closest(FIELDS)) return;
      event.preventDefault();
      speak();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [speak]);
}

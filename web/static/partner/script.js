// The script of a talk: who said what, corrections below, the answer that is just being spoken at the end.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { sentence } from "../api/problem.js";
import { captions, voice } from "../keep/preferences.js";
import { Bars } from "../parts/bars.js";
import { IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { playing, pause, play } from "../voice/player.js";
import { soundOfText } from "../voice/sounds.js";
import { SpokenText } from "../voice/spoken-text.js";
import { counted, t } from "../words/words.js";
import { BetterSentence } from "./correction.js";

/** @typedef {import("./talk.js").Talk} Talk */

/** @param {{ talk: Talk, role: string }} given */
export function Script({ talk, role }) {
  const conversation = talk.conversation.value;
  if (!conversation) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  const now = talk.current.value;
  return html`<div class="script">
    <${Said} who=${role}><${Answer} text=${conversation.firstMessage} id="first-${talk.id}" /></${Said}>
    ${talk.lines.value.map((line) => html`<${Exchange} key=${line.requestId} talk=${talk} role=${role} line=${line} />`)}
    ${now ? html`<${CurrentTurn} talk=${talk} role=${role} now=${now} />` : null}
  </div>`;
}

/** What was said and answered; the answer may still be being spoken. @param {{ talk: Talk, role: string, line: import("./talk.js").Line }} given */
function Exchange({ talk, role, line }) {
  const isSpoken = talk.voice.requestId === line.requestId && Boolean(talk.voice.place.value);
  return html`<div class="exchange"><${Said} who=${t("rooms.you")}><p class="line" lang="en" dir="auto">${line.message}</p>
      ${line.correction ? html`<${BetterSentence} correction=${line.correction} />` : null}</${Said}>
    <${Said} who=${role} isLive=${isSpoken}>${isSpoken ? html`<${LiveAnswer} talk=${talk} text=${line.answer} /><${Stages} talk=${talk} stage="done" />` : html`<${Answer} text=${line.answer} id=${line.requestId} />`}
      ${line.isStopped ? html`<p class="caption">${t("talk.stopped")}</p>` : null}</${Said}></div>`;
}

/** @param {{ who: string, isLive?: boolean, children?: any }} given */
function Said({ who, isLive = false, children }) {
  return html`<div class="said ${isLive ? "live" : ""}"><strong class="who" dir="auto">${who}</strong><div class="said-body">${children}</div></div>`;
}

/** @param {{ talk: Talk, role: string, now: import("./talk.js").Current }} given */
function CurrentTurn({ talk, role, now }) {
  return html`<div class="exchange"><${Said} who=${t("rooms.you")}><p class="line" lang="en" dir="auto">${now.message}</p></${Said}>
    ${now.failed
      ? html`<p class="problem turn-problem" role="alert"><${Icon} name="circle-alert" /><span>${sentence(now.failed)} <button type="button" class="link" onClick=${() => talk.again()}>${t("room.again")}</button></span></p>`
      : html`<${Said} who=${role} isLive><${LiveAnswer} talk=${talk} text=${now.said} hasCaret=${now.stage !== "done"} /><${Stages} talk=${talk} stage=${now.stage} /></${Said}>`}
  </div>`;
}

/** Words as they come and as they are spoken. @param {{ talk: Talk, text: string, hasCaret?: boolean }} given */
function LiveAnswer({ talk, text, hasCaret = false }) {
  const place = talk.voice.place.value;
  const isComing = Boolean(talk.voice.now.value) && place;
  const caret = hasCaret ? html`<span class="caret" aria-hidden="true"></span>` : null;
  if (captions.value.value === "off") return html`<p class="line">${caret ?? html`<span class="secondary">${t("talk.hidden")}</span>`}</p>`;
  if (!isComing) return html`<p class="line spoken" lang="en" dir="auto">${text}${caret}</p>`;
  return html`<p class="line spoken" lang="en" dir="auto">${text.slice(0, place.from)}${place.to > place.from ? html`<span class="now">${text.slice(place.from, place.to)}</span>` : null}<span class="to-come">${text.slice(place.to)}</span>${caret}</p>`;
}

/** @param {{ talk: Talk, stage: import("./talk.js").Stage }} given */
function Stages({ talk, stage }) {
  const sentenceNumber = (talk.voice.now.value?.index ?? -1) + 1;
  const hasThought = stage === "speaking" || stage === "done";
  const done = (/** @type {string} */ words) => html`<span class="stage done"><${Icon} name="check" />${words}</span>`;
  return html`<p class="stages" role="status">
    ${done(t("stage.heard"))}
    ${hasThought ? done(t("stage.thought")) : html`<span class="stage"><${Bars} moving />${t("stage.thinking")}</span>`}
    ${hasThought && (stage !== "done" || sentenceNumber)
      ? html`<span class="stage speaking"><${Bars} moving />${sentenceNumber ? html`<span class="not-phone">${counted("stage.sentence", sentenceNumber)}</span><span class="only-phone">${t("stage.speaking")}</span>` : t("stage.speaking")}</span>`
      : null}
  </p>`;
}

/** What the partner said before; it can be heard again in either voice. @param {{ text: string, id: string }} given */
function Answer({ text, id }) {
  const sound = useSignal(/** @type {import("../voice/sounds.js").Sound | null} */ (null));
  const isShown = useSignal(false);
  const now = playing.value?.id === id ? playing.value : null;
  const isPlaying = Boolean(now && !now.isPaused);
  const listen = async () => {
    if (isPlaying) return pause(id);
    const found = await soundOfText(text, voice.value.peek()).catch(() => null);
    sound.value = found;
    if (found) await play(id, found.source).catch(() => {});
  };
  const isHidden = captions.value.value === "off" && !isShown.value;
  return html`<div class="answer">${isHidden
      ? html`<p class="line"><button type="button" class="link" onClick=${() => (isShown.value = true)}>${t("talk.showWords")}</button></p>`
      : html`<p class="line" dir="auto"><${SpokenText} text=${text} words=${sound.value?.words ?? []} positionMs=${now ? now.positionMs : null} /></p>`}
    <${IconButton} label=${isPlaying ? t("voice.pause") : t("voice.listen")} icon=${isPlaying ? "pause" : "volume-2"} class="hear-again" onClick=${listen} /></div>`;
}

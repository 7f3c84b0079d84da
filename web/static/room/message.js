// One message: whose, when, what; and heard in either voice with its words marked.
import { html } from "htm/preact";
import { memo } from "../parts/memo.js";
import { Avatar } from "../parts/avatar.js";
import { clockTime } from "../words/times.js";
import { t } from "../words/words.js";
import { Attachment, captionOf } from "./attachment.js";
import { Heard } from "./heard.js";

/** @typedef {import("../api/contracts.js").Message} Message */
/** @typedef {{ message: Message, name: string, hue?: number, isOwn: boolean, isFirst: boolean }} Given `isFirst`: the one before is somebody else's, or long ago */

export const MessageRow = memo(Row);

/** @param {Given} given */
function Row({ message, name, hue, isOwn, isFirst }) {
  if (message.messageType === "AI_RESPONSE") return html`<${PartnerMessage} message=${message} />`;
  const caption = captionOf(message);
  const time = html`<time datetime=${message.createdAt}>${clockTime(message.createdAt)}</time>`;
  return html`<div class="message ${isOwn ? "own" : ""} ${isFirst ? "first" : ""}" id="message-${message.messageId}">
    ${isOwn ? null : isFirst ? html`<${Avatar} name=${name} id=${message.userId} hue=${hue} />` : html`<span class="avatar-gap"></span>`}
    <div class="message-body">
      ${!isOwn && isFirst ? html`<p class="message-head"><strong dir="auto">${name}</strong> ${time}</p>` : html`<span class="hidden-text">${isOwn ? t("rooms.you") : name} </span>`}
      <div class="bubble">${message.messageType === "TEXT" ? null : html`<${Attachment} message=${message} />`}
        ${caption ? html`<${Heard} message=${message} text=${caption} />` : null}</div>
      ${isOwn ? html`<p class="message-foot">${time}</p>` : null}
    </div>
  </div>`;
}

/** @param {{ message: Message }} given */
function PartnerMessage({ message }) {
  return html`<div class="message partner-message first" id="message-${message.messageId}">
    <div class="message-body"><p class="message-head"><strong>${t("room.ai")}</strong> <time datetime=${message.createdAt}>${clockTime(message.createdAt)}</time></p>
    <${Heard} message=${message} text=${message.content} isOpen /></div>
  </div>`;
}

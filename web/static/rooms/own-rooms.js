// The rooms that one is in: what was said last, and how much of it is new.
import { html } from "htm/preact";
import { account } from "../api/session.js";
import { address } from "../frame/router.js";
import { Icon } from "../parts/icon.js";
import { ago } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { has, ownRooms } from "./list.js";
import { isTalking } from "./room-row.js";
import { Bars } from "../parts/bars.js";

/** @param {{ text: string }} given */
export function OwnRooms({ text }) {
  const shown = ownRooms.value.filter((one) => has(one.room, text));
  if (!shown.length) return null;
  return html`<section class="own-rooms" aria-labelledby="own-rooms"><h2 id="own-rooms">${t("rooms.own")}</h2>
    <ul>${shown.map((one) => html`<li key=${one.room.roomId}><${OwnRoom} own=${one} /></li>`)}</ul></section>`;
}

/** @param {{ own: import("./list.js").OwnRoom }} given */
function OwnRoom({ own }) {
  const { room, unread } = own;
  const isLive = isTalking(room);
  return html`<a class="own-room" href=${address(`/rooms/${room.roomId}`)}>
    ${isLive ? html`<${Bars} /><span class="hidden-text">${t("rooms.talking")}</span>` : html`<${Icon} name="messages-square" />`}
    <span class="own-room-text"><strong dir="auto">${room.name}</strong><span class="secondary" dir="auto">${lastWords(own)}</span></span>
    ${unread ? html`<span class="chip accent">${counted("rooms.unread", unread)}</span>` : html`<span class="caption">${ago(room.lastMessageAt)}</span>`}
  </a>`;
}

/** @param {import("./list.js").OwnRoom} own */
function lastWords({ last, lastName }) {
  if (last === undefined) return "\u00a0";
  if (last === null) return t("rooms.nothingSaid");
  const isMine = last.userId === account.value?.userId;
  const name = isMine ? t("rooms.you") : last.userId === "ai" ? t("room.ai") : lastName || t("room.left");
  const text = last.messageType === "IMAGE" ? t("room.image") : last.messageType === "VOICE" ? t("room.voice") : last.content;
  return `${name}: ${text}`;
}

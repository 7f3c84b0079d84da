// What was said: blocks of messages that are drawn once, what waits to be sent, and a scroll that stays where one reads.
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { account } from "../api/session.js";
import { put } from "../keep/database.js";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import { memo } from "../parts/memo.js";
import { dayKey, dayName } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { MessageRow } from "./message.js";
import { pendingIn } from "./outbox.js";
import { PendingRow } from "./pending-row.js";

/** @typedef {import("../api/contracts.js").Message} Message */
/** @typedef {import("./room-connection.js").RoomConnection} RoomConnection */

const TOGETHER_MS = 5 * 60_000;
const NEAR_END_PX = 80;

/** @param {{ connection: RoomConnection, seenSeq: number, thinking: boolean }} given */
export function Log({ connection, seenSeq, thinking }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const isAtEnd = useRef(true);
  const fresh = useSignal(0);
  const height = useRef(0);
  const top = useRef(0);
  const names = useComputed(() => new Map(connection.room.value?.members?.map((one, hue) => [one.userId, { name: one.name, hue }])));
  const blocks = connection.blocks.value ?? [];
  const pending = pendingIn(connection.roomId).filter((one) => !one.messageId || !connection.history.known.has(one.messageId));
  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  const seen = () => {
    if (!isAtEnd.current || document.visibilityState !== "visible" || !connection.history.lastSeq) return;
    put("seen", { seq: connection.history.lastSeq }, connection.roomId).catch(() => {});
  };
  useSignalEffect(() => {
    const message = connection.arrived.value;
    if (message && !isAtEnd.current && message.userId !== account.peek()?.userId) fresh.value = fresh.peek() + 1;
  });
  const firstKey = blocks[0]?.key;
  useLayoutEffect(() => {
    const element = box.current;
    if (element && !isAtEnd.current && element.scrollTop < NEAR_END_PX) element.scrollTop += element.scrollHeight - height.current;
    height.current = element?.scrollHeight ?? 0;
  }, [firstKey]);
  const ownCount = useRef(0);
  useLayoutEffect(() => {
    if (pending.length > ownCount.current) isAtEnd.current = true;
    ownCount.current = pending.length;
    if (isAtEnd.current) toEnd();
    seen();
  }, [connection.blocks.value, pending.length, thinking]);
  useEffect(() => {
    const grown = new ResizeObserver(() => isAtEnd.current && toEnd());
    for (const element of [box.current, box.current?.firstElementChild]) if (element) grown.observe(element);
    return () => grown.disconnect();
  }, []);
  const scrolled = () => {
    const element = /** @type {HTMLElement} */ (box.current);
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (isNear) isAtEnd.current = true;
    else if (element.scrollTop < top.current - 1) isAtEnd.current = false;
    top.current = element.scrollTop;
    height.current = element.scrollHeight;
    if (isAtEnd.current) {
      fresh.value = 0;
      seen();
    }
  };
  const jump = () => {
    isAtEnd.current = true;
    fresh.value = 0;
    toEnd();
  };
  return html`<div class="log-frame">
    <div class="log" ref=${box} onScroll=${scrolled} tabindex="0" role="log" aria-label=${t("room.log")} aria-busy=${connection.isLoadingOlder.value}><div class="log-inner">
      ${connection.hasOlder.value
        ? html`<p class="load-more"><${Button} class="small" busy=${connection.isLoadingOlder.value} onClick=${() => connection.loadOlder()}>${t("room.older")}</${Button}></p>`
        : null}
      ${connection.blocks.value && !blocks.length && !pending.length ? html`<p class="log-empty secondary">${t("room.empty")}</p>` : null}
      ${blocks.map((block, index) => html`<${Block} key=${block.key} items=${block.items} before=${blocks[index - 1]?.items.at(-1)} names=${names.value} seenSeq=${seenSeq} />`)}
      ${pending.map((one) => html`<${PendingRow} key=${one.requestId} pending=${one} isOpen=${connection.socket.state.value.name === "open"} send=${() => connection.sending.pump()} />`)}
      ${thinking ? html`<p class="secondary thinking" role="status"><${Icon} name="audio-lines" />${t("room.thinking")}</p>` : null}
    </div></div>
    ${fresh.value ? html`<button type="button" class="pill-button" onClick=${jump}><${Icon} name="arrow-down" />${counted("rooms.unread", fresh.value)}</button>` : null}
  </div>`;
}

const Block = memo(BlockOf);

/** @param {{ items: readonly Message[], before: Message | undefined, names: Map<string, { name: string, hue: number }>, seenSeq: number }} given */
function BlockOf({ items, before, names, seenSeq }) {
  const mine = account.value?.userId;
  return html`<div class="block">${items.map((message, index) => {
    const last = items[index - 1] ?? before;
    const isNewDay = !last || dayKey(last.createdAt) !== dayKey(message.createdAt);
    const isFirstUnread = seenSeq > 0 && message.seq > seenSeq && message.userId !== mine && (last?.seq ?? 0) <= seenSeq;
    const isFirst = isNewDay || isFirstUnread || last.userId !== message.userId || Date.parse(message.createdAt) - Date.parse(last.createdAt) > TOGETHER_MS;
    return html`
      ${isNewDay ? html`<p class="divider" key="day-${message.messageId}"><span>${dayName(message.createdAt)}</span></p>` : null}
      ${isFirstUnread ? html`<p class="divider unread" key="unread"><span>${t("room.unread")}</span></p>` : null}
      <${MessageRow} key=${message.messageId} message=${message} isOwn=${message.userId === mine} isFirst=${isFirst} name=${names.get(message.userId)?.name ?? t("room.left")} hue=${names.get(message.userId)?.hue} />`;
  })}</div>`;
}

// Beside the talk: who is here, what the room is about, asking the partner, leaving.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import * as api from "../api/generated/client.js";
import { account } from "../api/session.js";
import { call, freshId } from "../api/client.js";
import { sentence } from "../api/problem.js";
import { Avatar } from "../parts/avatar.js";
import { Button } from "../parts/button.js";
import { Field, ProblemText } from "../parts/fields.js";
import { t } from "../words/words.js";

/** @param {{ connection: import("./room-connection.js").RoomConnection, isOpen: boolean, onAsked: (jobId: string) => void, remove: () => void, leave: () => void }} given */
export function Side({ connection, isOpen, onAsked, remove, leave }) {
  const room = connection.room.value;
  return html`<aside class="side ${isOpen ? "open" : ""}" aria-label=${t("frame.more")}>
    <section><h2>${t("room.here")}</h2><${People} connection=${connection} /></section>
    ${room?.description ? html`<section><h2>${t("room.about")}</h2><p dir="auto">${room.description}</p></section>` : null}
    <section><${AskPartner} roomId=${connection.roomId} onAsked=${onAsked} /></section>
    <section class="only-phone"><${Button} icon="log-out" onClick=${leave}>${t("room.leave")}</${Button}></section>
    ${room?.createdBy === account.value?.userId ? html`<section><div><${Button} kind="danger" icon="trash-2" onClick=${remove}>${t("room.delete")}</${Button}></div></section>` : null}
  </aside>`;
}

/** @param {{ connection: import("./room-connection.js").RoomConnection }} given */
function People({ connection }) {
  const present = new Set(connection.present.value);
  const mine = account.value?.userId;
  const isOpen = connection.socket.state.value.name === "open";
  const members = [...(connection.room.value?.members ?? [])];
  const rank = (/** @type {{ userId: string }} */ one) => (one.userId === mine ? 2 : present.has(one.userId) ? 0 : 1);
  members.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return html`<ul class="people">${members.map((one) => {
    const isHere = one.userId === mine ? isOpen : present.has(one.userId);
    const words = one.userId === mine && !isOpen ? t("room.reconnecting") : connection.typing.value[one.userId] ? t("room.typing") : isHere ? t("room.isHere") : t("room.away");
    return html`<li key=${one.userId}><span class="person"><${Avatar} name=${one.name} hue=${connection.hueOf(one.userId)} /><i class="dot ${isHere ? "on" : ""}"></i></span>
      <span><strong dir="auto">${one.userId === mine ? t("room.you", { name: one.name }) : one.name}</strong><span class="secondary">${words}</span></span></li>`;
  })}</ul>`;
}

/** @param {{ roomId: string, onAsked: (jobId: string) => void }} given */
function AskPartner({ roomId, onAsked }) {
  const isOpen = useSignal(false);
  const prompt = useSignal("");
  const problem = useSignal("");
  const busy = useSignal(false);
  const open = () => {
    isOpen.value = true;
    requestAnimationFrame(() => document.getElementById("ask-partner")?.focus());
  };
  const ask = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    problem.value = "";
    try {
      const { jobId } = await api.askRoomPartner(call, { path: { roomId }, body: prompt.value.trim() ? { prompt: prompt.value.trim() } : {}, key: freshId() });
      onAsked(jobId);
      prompt.value = "";
      isOpen.value = false;
    } catch (failure) {
      problem.value = sentence(failure);
    } finally {
      busy.value = false;
    }
  };
  if (!isOpen.value) return html`<div><${Button} icon="audio-lines" class="accent-text" onClick=${open}>${t("room.ask")}</${Button}></div>`;
  return html`<form class="ask" onSubmit=${ask}>
    <${Field} id="ask-partner" label=${t("room.askWhat")} hint=${t("room.askHint")} maxlength="1000" dir="auto" autocomplete="off" value=${prompt.value} onValue=${(/** @type {string} */ value) => (prompt.value = value)} />
    <${ProblemText} id="ask-problem" text=${problem.value} />
    <div class="dialog-actions"><${Button} kind="quiet" onClick=${() => (isOpen.value = false)}>${t("frame.cancel")}</${Button}>
      <${Button} kind="primary" type="submit" busy=${busy.value}>${t("room.askDo")}</${Button}></div>
  </form>`;
}

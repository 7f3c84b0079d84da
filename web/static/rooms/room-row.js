// A room in the list, with the one thing that can be done with it.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem, sentence } from "../api/problem.js";
import { go } from "../frame/router.js";
import { Avatar } from "../parts/avatar.js";
import { Bars } from "../parts/bars.js";
import { Button } from "../parts/button.js";
import { PasswordField } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { Level } from "../parts/level.js";
import { ago } from "../words/times.js";
import { t } from "../words/words.js";

const TALKING_MS = 120_000;

/** @param {import("../api/contracts.js").Room} room @returns {boolean} whether somebody said something in the last two minutes */
export function isTalking(room) {
  return Date.now() - new Date(room.lastMessageAt).getTime() < TALKING_MS && room.lastMessageAt !== room.createdAt;
}

/** @param {{ room: import("../api/contracts.js").Room }} given a room that one is not in */
export function RoomRow({ room }) {
  const asksPassword = useSignal(false);
  const problem = useSignal("");
  const busy = useSignal(false);
  const isFull = room.currentMembers >= room.maxMembers;
  const join = async (/** @type {string | undefined} */ password) => {
    busy.value = true;
    problem.value = "";
    try {
      await api.joinRoom(call, { path: { roomId: room.roomId }, body: password ? { password } : {} });
      go(`/rooms/${room.roomId}`);
    } catch (failure) {
      problem.value = refusal(failure, Boolean(password));
    } finally {
      busy.value = false;
    }
  };
  const pressed = () => {
    if (room.isPrivate) return void (asksPassword.value = !asksPassword.value);
    void join(undefined);
  };
  const lock = room.isPrivate ? html`<${Icon} name="lock" /><span class="hidden-text">${t("rooms.locked")}</span>` : null;
  return html`<li class="room-row">
    <div class="room-name"><strong><span dir="auto">${room.name}</span>${lock}</strong>
      ${room.description ? html`<span class="secondary" dir="auto">${room.description}</span>` : null}</div>
    <span class="secondary room-level"><${Level} level=${room.level} /></span>
    <${Crowd} room=${room} />
    <${Button} class="small" busy=${busy.value} disabled=${isFull} aria-expanded=${room.isPrivate ? asksPassword.value : undefined}
      onClick=${pressed}>${isFull ? t("rooms.full") : t("rooms.join")}<span class="hidden-text"> · ${room.name}</span></${Button}>
    ${asksPassword.value ? html`<${PasswordRow} room=${room} busy=${busy.value} problem=${problem.value} join=${join} />` : null}
    ${problem.value && !asksPassword.value ? html`<p class="problem room-more" role="alert"><${Icon} name="circle-alert" />${problem.value}</p>` : null}
  </li>`;
}

/** @param {{ room: import("../api/contracts.js").Room }} given */
function Crowd({ room }) {
  const isLive = isTalking(room);
  return html`<div class="room-crowd">
    <span class="room-faces">${room.faces?.length ? html`<span class="avatars not-phone">${room.faces.map((name) => html`<${Avatar} key=${name} name=${name} size="small" single />`)}</span>` : null}
      <span class="secondary figure">${room.currentMembers}/${room.maxMembers}</span></span>
    ${isLive
      ? html`<span class="talking"><span class="only-phone"><${Bars} /></span>${t("rooms.talking")}</span>`
      : html`<span class="caption">${ago(room.lastMessageAt)}</span>`}
  </div>`;
}

/** @param {{ room: import("../api/contracts.js").Room, busy: boolean, problem: string, join: (password: string) => Promise<void> }} given */
function PasswordRow({ room, busy, problem, join }) {
  const password = useSignal("");
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!busy && password.value) void join(password.value);
  };
  return html`<form ref=${form} class="room-more room-password" onSubmit=${submit}>
    <${PasswordField} id="password-${room.roomId}" label=${t("rooms.password")} autocomplete="off" maxlength="128" value=${password.value} problem=${problem}
      onValue=${(/** @type {string} */ value) => (password.value = value)} />
    <${Button} kind="primary" type="submit" busy=${busy}>${t("rooms.enter")}</${Button}>
  </form>`;
}

/** @param {unknown} failure @param {boolean} withPassword */
function refusal(failure, withPassword) {
  const code = failure instanceof Problem ? failure.code : "";
  if (code === "CONFLICT") return t("rooms.isFull");
  if (code === "FORBIDDEN" && withPassword) return t("rooms.wrongPassword");
  return sentence(failure);
}

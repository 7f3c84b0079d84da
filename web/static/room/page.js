// A room: what is said in it, and who is there.
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useMemo } from "preact/hooks";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { sentence } from "../api/problem.js";
import { Page as Layout } from "../frame/page.js";
import { address, go } from "../frame/router.js";
import { toast } from "../frame/toasts.js";
import { get } from "../keep/database.js";
import { finished } from "../live/jobs.js";
import { Avatar } from "../parts/avatar.js";
import { Button, IconButton } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { LevelBars, levelName } from "../parts/level.js";
import { StateCard } from "../parts/state.js";
import { showDoing } from "../tutors/doing.js";
import { t } from "../words/words.js";
import { Composer } from "./composer.js";
import { ConnectionBanner } from "./connection-banner.js";
import { openedHere } from "./leftovers.js";
import { Log } from "./log.js";
import { RoomConnection } from "./room-connection.js";
import { Side } from "./side.js";

/** @param {{ roomId: string }} given */
export function RoomPage({ roomId }) {
  const connection = useMemo(() => new RoomConnection(roomId), [roomId]);
  const seenSeq = useSignal(/** @type {number | null} */ (null));
  const isSideOpen = useSignal(false);
  const asks = useSignal(/** @type {"" | "leave" | "delete"} */ (""));
  const thinking = useSignal(0);
  useEffect(() => {
    void get("seen", roomId).then((kept) => (seenSeq.value = kept?.seq ?? 0), () => (seenSeq.value = 0));
    const closed = openedHere(roomId);
    connection.start();
    return () => {
      connection.close();
      closed();
    };
  }, [connection]);
  useTellTutors(connection);
  useSignalEffect(() => {
    if (connection.reloaded.value) toast(t("connection.reloaded"));
  });
  const room = connection.room.value;
  const { name: state, code, problem } = connection.socket.state.value;
  if (connection.closedBecause.value || code || problem) return html`<${Gone} problem=${problem} code=${code} />`;
  const asked = (/** @type {string} */ jobId) => {
    thinking.value += 1;
    isSideOpen.value = false;
    finished(jobId).catch((failure) => toast(sentence(failure), { icon: "circle-alert" })).finally(() => (thinking.value -= 1));
  };
  const here = state === "open" ? connection.present.value.length : 0;
  const subtitle = room ? html`<${LevelBars} level=${room.level} /><span>${levelName(room.level)} · ${t("room.hereOf", { here: Math.max(here, 1), all: room.currentMembers })}</span>` : null;
  const faces = (room?.members ?? []).slice(0, 4);
  const actions = html`<span class="avatars not-phone">${faces.map((one) => html`<${Avatar} key=${one.userId} name=${one.name} hue=${connection.hueOf(one.userId)} size="small" single />`)}</span>
    <${Button} class="not-phone" onClick=${() => (asks.value = "leave")}>${t("room.leave")}</${Button}>
    <${IconButton} label=${t("frame.more")} icon="ellipsis" class="only-narrow" aria-expanded=${isSideOpen.value} onClick=${() => (isSideOpen.value = !isSideOpen.value)} />`;
  return html`<${Layout} title=${room?.name ?? t("frame.loading")} subtitle=${subtitle} back="/rooms" actions=${actions}
      banner=${html`<${ConnectionBanner} socket=${connection.socket} />`} bodyClass="with-side">
    <div class="talk">${seenSeq.value === null ? null : html`<${Log} connection=${connection} seenSeq=${seenSeq.value} thinking=${thinking.value > 0} />`}<${Composer} connection=${connection} /></div>
    ${isSideOpen.value ? html`<button type="button" class="scrim" aria-label=${t("frame.close")} onClick=${() => (isSideOpen.value = false)}></button>` : null}
    <${Side} connection=${connection} isOpen=${isSideOpen.value} onAsked=${asked} remove=${() => (asks.value = "delete")} leave=${() => (asks.value = "leave")} />
    ${asks.value ? html`<${Confirm} room=${room} what=${asks.value} onClose=${() => (asks.value = "")} />` : null}
  </${Layout}>`;
}

/** Tell the tutors of a student where the student is. @param {RoomConnection} connection */
function useTellTutors(connection) {
  const name = useComputed(() => connection.room.value?.name ?? "");
  useSignalEffect(() => {
    if (name.value) return showDoing({ room: name.value, isLearning: false });
  });
}

/** @param {{ problem?: import("../api/problem.js").Problem, code?: number }} given */
function Gone({ problem, code }) {
  const text = problem && problem.code !== "NOT_FOUND" ? sentence(problem) : code === 4403 ? t("room.notMember") : t("room.gone");
  return html`<${Layout} title=${t("nav.rooms")} back="/rooms"><${StateCard} icon="door-open" title=${text}>
    <a class="button plain" href=${address("/rooms")}>${t("room.toRooms")}</a></${StateCard}></${Layout}>`;
}

/** @param {{ room: import("../api/contracts.js").RoomDetails | null, what: "leave" | "delete", onClose: () => void }} given */
function Confirm({ room, what, onClose }) {
  const busy = useSignal(false);
  const problem = useSignal("");
  const isLast = what === "leave" && (room?.currentMembers ?? 2) <= 1;
  const text = what === "delete" ? t("room.deleteText") : isLast ? t("room.leaveLast") : room?.isPrivate ? t("room.leavePrivate") : t("room.leaveText");
  const sure = async () => {
    if (!room) return;
    busy.value = true;
    try {
      if (what === "delete") await api.deleteRoom(call, { path: { roomId: room.roomId } });
      else await api.leaveRoom(call, { path: { roomId: room.roomId } });
      go("/rooms");
    } catch (failure) {
      problem.value = sentence(failure);
      busy.value = false;
    }
  };
  return html`<${Dialog} title=${t(what === "delete" ? "room.deleteTitle" : "room.leaveTitle")} onClose=${onClose}>
    <div class="stack"><p>${text}</p>${problem.value ? html`<p class="problem" role="alert">${problem.value}</p>` : null}
    <div class="dialog-actions"><${Button} autofocus onClick=${onClose}>${t("frame.cancel")}</${Button}>
      <${Button} kind=${what === "delete" || isLast ? "danger sure" : "primary"} busy=${busy.value} onClick=${sure}>${t(what === "delete" ? "room.delete" : "room.leave")}</${Button}></div></div>
  </${Dialog}>`;
}

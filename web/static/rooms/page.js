// Rooms: one's own, then all by level; joining, with a password where one is locked.
import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { Page as Layout } from "../frame/page.js";
import { Button } from "../parts/button.js";
import { Segments } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { LEVELS, LevelBars, levelName } from "../parts/level.js";
import { StateCard } from "../parts/state.js";
import { sentence } from "../api/problem.js";
import { t } from "../words/words.js";
import { RoomPage } from "../room/page.js";
import { chooseLevel, found, hasMore, isLoading, level, loadMore, ownRooms, problem, reload, reloadOwn, rooms, searchFurther } from "./list.js";
import { NewRoom } from "./new-room.js";
import { OwnRooms } from "./own-rooms.js";
import { RoomRow } from "./room-row.js";

const REFRESH_MS = 30_000;

/** @param {{ parts: string[], query: URLSearchParams }} given */
export function Page({ parts: [roomId], query }) {
  if (roomId) return html`<${RoomPage} key=${roomId} roomId=${roomId} />`;
  return html`<${RoomsPage} wanted=${query.get("find") ?? ""} />`;
}

/** @param {{ wanted: string }} given the name of a room that another page looks for */
function RoomsPage({ wanted }) {
  const text = useSignal(wanted);
  const isMaking = useSignal(false);
  useEffect(() => {
    const refresh = () => {
      if (document.visibilityState === "visible") void reloadOwn();
    };
    void reload().then(() => (text.peek().trim() ? searchFurther(text.peek()) : undefined));
    refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const search = (/** @type {any} */ event) => {
    text.value = event.currentTarget.value;
    if (text.value.trim()) void searchFurther(text.value);
  };
  const actions = html`<div class="with-icon room-search not-phone" role="search"><${Icon} name="search" />
      <input class="input" type="search" data-search aria-label=${t("rooms.search")} placeholder=${t("rooms.search")} value=${text.value} onInput=${search} /></div>
    <${Button} kind="primary" class="compact" icon="plus" onClick=${() => (isMaking.value = true)}>${t("rooms.new")}</${Button}>`;
  return html`<${Layout} title=${t("nav.rooms")} actions=${actions}>
    <${OwnRooms} text=${text.value} />
    <div class="rooms-head"><${Segments} name="level" label=${t("rooms.level")} value=${level.value} options=${levels()} onValue=${chooseLevel} />
      <span class="secondary not-phone">${t("rooms.newest")}</span></div>
    <${List} text=${text.value} create=${() => (isMaking.value = true)} />
    ${isMaking.value ? html`<${NewRoom} onClose=${() => (isMaking.value = false)} />` : null}
  </${Layout}>`;
}

function levels() {
  const named = LEVELS.map((one) => ({ value: one, label: html`<span class="not-phone"><${LevelBars} level=${one} /></span>${levelName(one)}` }));
  return [{ value: "", label: t("rooms.all") }, ...named];
}

/** @param {{ text: string, create: () => void }} given */
function List({ text, create }) {
  const own = new Set(ownRooms.value.map((one) => one.room.roomId));
  const shown = found(text).filter((room) => !own.has(room.roomId));
  if (problem.value && !rooms.value) {
    return html`<${StateCard} icon="wifi-off" kind="warn" title=${t("rooms.notLoaded")} text=${sentence(problem.value)}>
      <${Button} onClick=${reload}>${t("frame.retry")}</${Button}></${StateCard}>`;
  }
  if (!rooms.value) return html`<p class="secondary" role="status">${t("frame.loading")}</p>`;
  if (!shown.length && !isLoading.value) {
    return html`<${StateCard} icon="messages-square" title=${text ? t("rooms.notFound") : t("rooms.none")} text=${text ? "" : t("rooms.noneText")}>
      <${Button} onClick=${create}>${t("rooms.new")}</${Button}></${StateCard}>`;
  }
  return html`<ul class="rows">${shown.map((room) => html`<${RoomRow} key=${room.roomId} room=${room} />`)}</ul>
    ${hasMore.value ? html`<p class="load-more"><${Button} busy=${isLoading.value} onClick=${() => loadMore()}>${t("rooms.older")}</${Button}></p>` : null}`;
}

// Rooms as lists: all of them by level, newest first, and the ones that one is in with what was said last.
import { signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { get } from "../keep/database.js";

/** @typedef {import("../api/contracts.js").Room} Room */
/** @typedef {import("../api/contracts.js").Message} Message */
/** @typedef {{ room: Room, last: Message | null | undefined, lastName: string, unread: number }} OwnRoom */

const PAGE = 20;
const MOST_SEARCHED = 200;
const MOST_OWN = 6;

/** The rooms of the chosen level as far as they are loaded; null before the first page. */
export const rooms = signal(/** @type {Room[] | null} */ (null));
export const ownRooms = signal(/** @type {OwnRoom[]} */ ([]));
export const level = signal("");
export const hasMore = signal(false);
export const problem = signal(/** @type {unknown} */ (null));
export const isLoading = signal(false);

/** @type {string | null} */
let cursor = null;
let generation = 0;

/** Load the first page of the chosen level anew; what is shown stays until it is there. */
export async function reload() {
  cursor = null;
  generation += 1;
  await loadMore(true);
}

/** @param {boolean} [fresh] whether the page replaces what is shown */
export async function loadMore(fresh = false) {
  const mine = generation;
  isLoading.value = true;
  try {
    const page = await api.listRooms(call, { query: { level: level.value, limit: PAGE, cursor: fresh ? null : cursor } });
    if (mine !== generation) return;
    rooms.value = fresh ? page.rooms : [...(rooms.value ?? []), ...page.rooms];
    cursor = page.nextCursor ?? null;
    hasMore.value = page.hasMore;
    problem.value = null;
  } catch (failure) {
    if (mine === generation) problem.value = failure;
  } finally {
    if (mine === generation) isLoading.value = false;
  }
}

/** @param {string} chosen */
export async function chooseLevel(chosen) {
  level.value = chosen;
  rooms.value = null;
  await reload();
}

/** @param {string} text load on until a room is found by its name, or enough were looked at */
export async function searchFurther(text) {
  while (hasMore.value && !problem.value && (rooms.value?.length ?? 0) < MOST_SEARCHED && !found(text).length) await loadMore();
}

/** @param {string} text @returns {Room[]} the loaded rooms with that in their name or description */
export function found(text) {
  return (rooms.value ?? []).filter((room) => has(room, text));
}

/** @param {Room} room @param {string} text @returns {boolean} whether it stands in the name or the description, in any case */
export function has(room, text) {
  return `${room.name} ${room.description ?? ""}`.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase());
}

/** Load the rooms that one is in, and what was said last in the newest of them. */
export async function reloadOwn() {
  const page = await api.listRooms(call, { query: { joined: true, limit: PAGE } }).catch(() => null);
  if (!page) return;
  const newest = [...page.rooms].sort((a, b) => (a.lastMessageAt < b.lastMessageAt ? 1 : -1));
  const known = new Map(ownRooms.value.map((one) => [one.room.roomId, one]));
  ownRooms.value = newest.map((room) => ({ last: undefined, lastName: "", unread: 0, ...known.get(room.roomId), room }));
  await Promise.all(newest.slice(0, MOST_OWN).map(describe));
}

/** @param {Room} room */
async function describe(room) {
  const [page, details, seen] = await Promise.all([
    api.listMessages(call, { path: { roomId: room.roomId }, query: { limit: 1 } }).catch(() => null),
    api.showRoom(call, { path: { roomId: room.roomId } }).catch(() => null),
    get("seen", room.roomId).catch(() => null),
  ]);
  const last = page?.messages[0] ?? null;
  const lastName = details?.members?.find((/** @type {any} */ one) => one.userId === last?.userId)?.name ?? "";
  const unread = last ? Math.max(0, last.seq - (seen?.seq ?? 0)) : 0;
  ownRooms.value = ownRooms.value.map((one) => (one.room.roomId === room.roomId ? { room, last, lastName, unread } : one));
}

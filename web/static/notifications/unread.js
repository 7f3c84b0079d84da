// How many notifications are unread: asked for when the channel opens, counted on by its pushes; all tabs agree.
import { effect, signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { channel, onFrame } from "../live/channel.js";

export const unread = signal(0);
const COUNTED = 100; // the platform counts so far, and no further
const tabs = new BroadcastChannel("speaktracker-unread");

/** Follow the count while the client runs. */
export function startUnread() {
  tabs.onmessage = () => void refresh();
  onFrame("notification", () => (unread.value += 1));
  effect(() => {
    if (channel.state.value.name === "open") void refresh();
  });
}

/** Learn the count anew. */
export async function refresh() {
  const page = await api.listNotifications(call, { query: { limit: 1, unread: true } }).catch(() => null);
  if (page) unread.value = page.unreadCount;
}

/** @param {number} count what it is now; the other tabs ask for themselves */
export function unreadChanged(count) {
  const isWhole = unread.value < COUNTED;
  unread.value = Math.max(0, count);
  if (!isWhole && count > 0) void refresh();
  tabs.postMessage("changed");
}

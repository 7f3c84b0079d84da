// The person's own channel: notifications, feedback, jobs, the partner. One a tab, as long as somebody is signed in.
import { effect } from "@preact/signals";
import { standing } from "../api/session.js";
import { accessToken, freshToken } from "../api/tokens.js";
import { LiveSocket } from "./live-socket.js";

/** @type {Map<string, Set<(frame: any) => void>>} */
const listeners = new Map();

export const channel = new LiveSocket({
  open: async () => new WebSocket(socketAddress("/ws"), ["bearer", await accessToken()]),
  onFrame: (frame) => listeners.get(frame.type ?? frame.action)?.forEach((listener) => listener(frame)),
  onSignInEnded: () => freshToken(),
});

/** Open the channel while somebody is signed in. */
export function startChannel() {
  return effect(() => {
    if (standing.value !== "in") return;
    channel.start();
    return () => channel.close();
  });
}

/**
 * @param {string} kind the `type` of a push, or the `action` of an answer
 * @param {(frame: any) => void} listener
 * @returns {() => void} ends it
 */
export function onFrame(kind, listener) {
  const known = listeners.get(kind) ?? new Set();
  listeners.set(kind, known.add(listener));
  return () => known.delete(listener);
}

/** @param {string} path */
export function socketAddress(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

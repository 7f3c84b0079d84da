// What waits for rooms that are not open: each is opened for as long as it takes to send it.
import { effect } from "@preact/signals";
import { channel } from "../live/channel.js";
import { change, outbox, pendingIn, startOutbox } from "./outbox.js";
import { RoomConnection } from "./room-connection.js";

const LONGEST_MS = 120_000;
/** @type {Set<string>} */
const open = new Set();
/** @type {Set<string>} */
const sending = new Set();

/** Begin to look after the outbox, whichever page is shown. */
export async function startLeftovers() {
  await startOutbox();
  effect(() => {
    if (channel.state.value.name !== "open") return;
    for (const one of outbox.value) if (!one.failed && !open.has(one.roomId) && !sending.has(one.roomId)) sendFor(one.roomId);
  });
}

/** @param {string} roomId its page is shown and sends for itself @returns {() => void} ends that */
export function openedHere(roomId) {
  open.add(roomId);
  return () => {
    open.delete(roomId);
    if (pendingIn(roomId).some((one) => !one.failed)) sendFor(roomId);
  };
}

/** @param {string} roomId */
function sendFor(roomId) {
  sending.add(roomId);
  const connection = new RoomConnection(roomId);
  const over = () => {
    stop();
    clearTimeout(timer);
    connection.close();
    sending.delete(roomId);
  };
  const timer = setTimeout(over, LONGEST_MS);
  connection.start();
  const stop = effect(() => {
    const isDone = !pendingIn(roomId).some((one) => !one.failed);
    const { name, problem } = connection.socket.state.value;
    if (problem) for (const one of pendingIn(roomId)) change(one.requestId, { failed: problem.code });
    if (isDone || open.has(roomId) || problem || (name === "closed" && connection.closedBecause.value)) queueMicrotask(over);
  });
}

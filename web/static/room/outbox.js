// What somebody said in rooms and the gateway has not yet acknowledged. It lies on this device until it has, and is sent
// again under the same requestId, which the gateway takes once.
import { computed, signal } from "@preact/signals";
import { account } from "../api/session.js";
import { freshId } from "../api/client.js";
import { all, put, remove } from "../keep/database.js";

/**
 * @typedef {object} Pending
 * @property {string} requestId
 * @property {string} roomId
 * @property {string} userId
 * @property {string} content
 * @property {"TEXT" | "IMAGE" | "VOICE"} messageType
 * @property {string} createdAt
 * @property {Blob} [file]
 * @property {string} [key] where the file lies, once it was uploaded
 * @property {string} [failed] a code, where sending again as it is cannot succeed
 * @property {string} [messageId] what it became, once that was seen
 * @property {number} [sentAt]
 */

/** @type {import("@preact/signals").Signal<readonly Pending[]>} */
export const outbox = signal([]);
export const hasUnsent = computed(() => outbox.value.length > 0);

/** @type {Promise<void>} */
let reading = Promise.resolve();

/** Read what was left by an earlier page. */
export function startOutbox() {
  reading = readKept();
  return reading;
}

/** @returns {Promise<void>} when what was left by an earlier page is known */
export function outboxRead() {
  return reading;
}

async function readKept() {
  const mine = account.peek()?.userId;
  const kept = await all("outbox").catch(() => []);
  const known = new Set(outbox.value.map((one) => one.requestId));
  const found = kept.filter((one) => one.userId === mine && !known.has(one.requestId)).map((one) => ({ ...one, sentAt: undefined }));
  outbox.value = [...found, ...outbox.value].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}

/**
 * Take something to be sent; it is on the disk when this returns. A file is shown only then: what is seen to be on its
 * way survives the end of the browser.
 * @param {Pick<Pending, "roomId" | "content" | "messageType" | "file">} said
 */
export async function say(said) {
  /** @type {Pending} */
  const pending = { requestId: freshId(), userId: account.peek()?.userId ?? "", createdAt: new Date().toISOString(), ...said };
  const isKept = put("outbox", pending).catch(() => {});
  if (pending.file) await isKept;
  outbox.value = [...outbox.value.filter((one) => one.requestId !== pending.requestId), pending];
  await isKept;
  return pending;
}

/** @param {string} requestId @param {Partial<Pending>} change */
export function change(requestId, change) {
  outbox.value = outbox.value.map((one) => (one.requestId === requestId ? { ...one, ...change } : one));
  const changed = outbox.value.find((one) => one.requestId === requestId);
  if (changed && ("key" in change || "failed" in change)) put("outbox", changed).catch(() => {});
}

/** @param {string} requestId it is safe, or not wanted any more */
export function forget(requestId) {
  outbox.value = outbox.value.filter((one) => one.requestId !== requestId);
  remove("outbox", requestId).catch(() => {});
}

/** @param {string} roomId @returns {Pending[]} */
export function pendingIn(roomId) {
  return outbox.value.filter((one) => one.roomId === roomId);
}

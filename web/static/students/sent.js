// What a tutor said to each student, newest first.
import { signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";

/** @typedef {import("../api/contracts.js").Feedback} Feedback */
/** @typedef {{ items: Feedback[], cursor: string | null }} History */

/** By the student's e-mail. */
export const history = signal(/** @type {Record<string, History>} */ ({}));

/** @param {string} email @param {History} known */
const keep = (email, known) => (history.value = { ...history.value, [email]: known });

/** @param {string} email @throws {import("../api/problem.js").Problem} */
export async function loadHistory(email) {
  const page = await api.listFeedback(call, { query: { with: email } });
  keep(email, { items: page.feedback, cursor: page.nextCursor ?? null });
}

/** @param {string} email */
export async function olderHistory(email) {
  const known = history.value[email];
  if (!known?.cursor) return;
  const page = await api.listFeedback(call, { query: { with: email, cursor: known.cursor } });
  keep(email, { items: [...known.items, ...page.feedback], cursor: page.nextCursor ?? null });
}

/** @param {string} email @param {Feedback} one what was just sent */
export function sent(email, one) {
  const known = history.value[email] ?? { items: [], cursor: null };
  keep(email, { ...known, items: [one, ...known.items] });
}

/** @param {string} email @param {{ feedback_id: string, read_at: string }} push */
export function readByStudent(email, { feedback_id, read_at }) {
  const known = history.value[email];
  if (known) keep(email, { ...known, items: known.items.map((one) => (one.feedback_id === feedback_id ? { ...one, read_at, websocket_sent: true } : one)) });
}

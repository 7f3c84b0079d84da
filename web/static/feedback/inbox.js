// What a student's tutors say while the page is open: one after another, each read when it was closed.
import { signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { onFrame } from "../live/channel.js";

/** @typedef {import("../api/contracts.js").Feedback} Feedback */

/** What waits to be read, the oldest first. */
export const inbox = signal(/** @type {Feedback[]} */ ([]));
/** The names of one's tutors by e-mail. */
export const tutorNames = signal(/** @type {Record<string, string>} */ ({}));

/** Begin to listen; tutors get no feedback, and hear nothing. */
export function startInbox() {
  onFrame("feedback", (push) => {
    if (inbox.value.some((one) => one.feedback_id === push.feedback_id)) return;
    inbox.value = [...inbox.value, push];
    if (!tutorNames.value[push.tutor_email]) void learnNames();
  });
}

/** Learn the names of one's tutors. */
export async function learnNames() {
  const page = await api.listOwnTutors(call).catch(() => null);
  const tutors = page?.tutors ?? [];
  tutorNames.value = Object.fromEntries(tutors.map((/** @type {any} */ one) => [one.email, one.name]));
}

/** @param {Feedback} one close it, and tell its tutor that it was read */
export function readFeedback(one) {
  inbox.value = inbox.value.filter((other) => other.feedback_id !== one.feedback_id);
  api.readFeedback(call, { path: { feedbackId: one.feedback_id } }).catch(() => {});
}

// What is wrong, the worst first, in the platform's own sentences: `speaktracker status` prints the same.
import { t } from "../words/words.js";
import { problem, status } from "./watch.js";

const MILD = new Set(["late_schedule", "waits_long", "letters", "no_letters_made"]);
/** Where it is looked into. @type {Record<string, string>} */
const PLACES = { unattended: "/operations/workers", silent_worker: "/operations/workers", waits_long: "/operations/queues", letters: "/operations/dead-letters" };

/** @typedef {{ kind: "ok" | "warn" | "bad", text: string, path?: string }} Wrong */

/** @returns {Wrong[]} what is wrong, the worst first; one that says so where nothing is */
export function problems() {
  if (problem.value) return [{ kind: "bad", text: t("ops.noAnswer") }];
  const told = status.value?.problems ?? [];
  if (!told.length) return [{ kind: "ok", text: t("ops.allWell") }];
  return told.map(({ kind, sentence }) => ({ kind: MILD.has(kind) ? "warn" : "bad", text: sentence, path: PLACES[kind] }));
}

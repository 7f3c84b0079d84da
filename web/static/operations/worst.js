// The worst problem in one sentence; none where nothing is wrong.
import { durationText } from "../words/times.js";
import { counted, t } from "../words/words.js";
import { isSilent, lettersOpen, problem, queues, secondsSince, unattended, workers } from "./watch.js";

/** Seconds that the oldest may wait: somebody watches a clock turn while the first four do. The platform's alarms have the same. @type {Record<string, number>} */
const TOO_LONG = { "ai-chat": 10, "ai-tasks": 15, tts: 15, speech: 20, persistence: 30, "tts-long": 60, "graph-results": 60, "dead-letters": 300, "graph-requests": 900 };

/** @param {string} queue @returns {string} without what only says that it keeps an order */
export const plainName = (queue) => queue.replace(/\.fifo$/u, "");

/** @param {import("./watch.js").QueueItem} one @returns {number} above 1 it waits too long */
export function excessOf(one) {
  return (one.oldestSeconds ?? 0) / (TOO_LONG[plainName(one.queue)] ?? 60);
}

/** @returns {{ kind: "ok" | "warn" | "bad", text: string, path?: string }} */
export function worstProblem() {
  if (problem.value) return { kind: "bad", text: t("ops.noAnswer") };
  const all = queues.value ?? [];
  const silent = (workers.value ?? []).find(isSilent);
  const alone = unattended.value.map((name) => ({ name, depth: all.find((one) => one.queue === name)?.depth ?? 0 })).sort((a, b) => b.depth - a.depth)[0];
  if (alone) return { kind: "bad", text: counted("ops.unattended", alone.depth, { queue: alone.name }) };
  if (silent) return { kind: "bad", text: counted("ops.silentWorker", silent.running, { name: silent.name, time: durationText(secondsSince(silent.heardAt)) }), path: "/operations/workers" };
  const [late] = [...all].sort((a, b) => excessOf(b) - excessOf(a));
  if (late && excessOf(late) > 1) return { kind: "warn", text: t(late.trend === "rising" ? "ops.fallsBehind" : "ops.waitsLong", { queue: late.queue, time: durationText(late.oldestSeconds ?? 0) }) };
  const letters = lettersOpen();
  if (letters) return { kind: "warn", text: counted("ops.lettersWait", letters), path: "/operations/dead-letters" };
  return { kind: "ok", text: t("ops.allWell") };
}

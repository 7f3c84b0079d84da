// What operators see, asked for again and again while a page shows it: queues, workers, connections, dead letters.
import { batch, signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";

/**
 * @typedef {object} QueueItem
 * @property {string} queue
 * @property {number} depth what no worker has begun
 * @property {number} inFlight
 * @property {number | null} [oldestSeconds]
 * @property {"rising" | "falling" | "steady" | "unknown"} trend
 * @property {number | null} [changePerMinute]
 * @property {number} deadLetters in the queue's own dead-letter queue
 * @property {number} workers
 */

/**
 * @typedef {object} WorkerItem
 * @property {string} name
 * @property {string} host
 * @property {number} pid
 * @property {string[]} queues
 * @property {string} pool
 * @property {number} places
 * @property {number} running
 * @property {number} done
 * @property {string} startedAt
 * @property {string} heardAt
 */

/** @typedef {{ room: number, user: number, total: number, gateways: { gatewayId: string, heardAt: string, room: number, user: number }[] }} Connections */
/** @typedef {{ fingerprint: string, task?: string | null, queue: string, death: string, error: string, count: number, firstAt: string, lastAt: string }} LetterGroup */

const ASK_MS = 3_000;
const MOST_SAMPLES = 240;
export const SILENT_MS = 13_000;
const FORGOTTEN_MS = 600_000;

export const queues = signal(/** @type {QueueItem[] | null} */ (null));
export const workers = signal(/** @type {WorkerItem[] | null} */ (null));
export const unattended = signal(/** @type {string[]} */ ([]));
export const connections = signal(/** @type {Connections | null} */ (null));
export const groups = signal(/** @type {LetterGroup[] | null} */ (null));
export const problem = signal(/** @type {unknown} */ (null));
/** When the platform last answered, by this device's clock. */
export const heardAt = signal(0);
/** The time now, moved on while somebody looks: ages grow also where nothing is answered. */
export const now = signal(Date.now());
/** What waited on each queue since the page was opened. */
export const samples = signal(/** @type {Record<string, number[]>} */ ({}));
/** How far the platform's clock is ahead of this device's, in milliseconds. */
let ahead = 0;

/** @param {string} at @returns {number} seconds ago, by the platform's clock */
export function secondsSince(at) {
  return Math.max(0, (now.value + ahead - Date.parse(at)) / 1000);
}

/** @param {WorkerItem} one @returns {boolean} whether it has told nothing for longer than a living worker does */
export function isSilent(one) {
  return secondsSince(one.heardAt) * 1000 > SILENT_MS;
}

/** Look again and again. @returns {() => void} ends it */
export function startWatch() {
  const look = () => document.visibilityState === "visible" && void lookOnce();
  void lookOnce();
  const timer = setInterval(look, ASK_MS);
  const clock = setInterval(() => (now.value = Date.now()), 1_000);
  return () => {
    clearInterval(timer);
    clearInterval(clock);
  };
}

let isLooking = false;

/** Look once; a slow answer is not asked for twice. */
export async function lookOnce() {
  if (isLooking) return;
  isLooking = true;
  try {
    const [queueList, workerList, counts, letters] = await Promise.all([api.showQueues(call), api.showWorkers(call), api.showConnections(call), api.groupDeadLetters(call)]);
    batch(() => {
      heardAt.value = now.value = Date.now();
      ahead = Math.max(ahead, ...workerList.workers.map((/** @type {WorkerItem} */ one) => Date.parse(one.heardAt) - Date.now()), -86_400_000);
      queues.value = queueList.queues;
      workers.value = withLost(workerList.workers);
      unattended.value = workerList.unattended;
      connections.value = counts;
      groups.value = letters.groups;
      samples.value = Object.fromEntries(queueList.queues.map((/** @type {QueueItem} */ one) => [one.queue, [...(samples.peek()[one.queue] ?? []), one.depth].slice(-MOST_SAMPLES)]));
      problem.value = null;
    });
  } catch (failure) {
    problem.value = failure;
  } finally {
    isLooking = false;
  }
}

/** Workers that were here a while ago and tell nothing any more stay in sight. @param {WorkerItem[]} living @returns {WorkerItem[]} */
function withLost(living) {
  const known = new Set(living.map((one) => one.name));
  const lost = (workers.peek() ?? []).filter((one) => !known.has(one.name) && secondsSince(one.heardAt) * 1000 < FORGOTTEN_MS);
  return [...living, ...lost].sort((a, b) => a.name.localeCompare(b.name));
}

/** @returns {number} unsettled letters */
export function lettersOpen() {
  return (groups.value ?? []).reduce((sum, one) => sum + one.count, 0);
}

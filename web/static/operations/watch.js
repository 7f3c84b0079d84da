// What operators see, asked for again and again while a page shows it: how all is, queues, workers, dead letters.
import { batch, signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { waits } from "../frame/counts.js";

/**
 * @typedef {object} QueueItem
 * @property {string} queue
 * @property {number} depth what no worker has begun
 * @property {number} inFlight
 * @property {number | null} [oldestSeconds]
 * @property {number} tooLongSeconds what waits longer keeps somebody waiting
 * @property {number[]} recent what waited at each look of the last quarter of an hour
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
 * @property {boolean} [draining]
 */

/**
 * @typedef {object} Status five numbers, absent where nobody could tell, and what is wrong, the worst first
 * @property {number | null} [connections]
 * @property {number | null} [workers]
 * @property {number | null} [waiting]
 * @property {number | null} [oldestSeconds]
 * @property {number | null} [letters]
 * @property {{ kind: string, sentence: string }[]} problems
 */

/** @typedef {{ room: number, user: number, total: number, gateways: { gatewayId: string, heardAt: string, room: number, user: number }[] }} Connections */
/** @typedef {{ fingerprint: string, task?: string | null, queue: string, death: string, error: string, count: number, firstAt: string, lastAt: string }} LetterGroup */

const ASK_MS = 3_000;
/** Letters are read as a whole to be counted by cause, so that is asked for at every fifth look. */
const LETTERS_EVERY = 5;
export const SILENT_MS = 13_000;
const FORGOTTEN_MS = 600_000;

export const status = signal(/** @type {Status | null} */ (null));
export const queues = signal(/** @type {QueueItem[] | null} */ (null));
export const workers = signal(/** @type {WorkerItem[] | null} */ (null));
export const unattended = signal(/** @type {string[]} */ ([]));
export const connections = signal(/** @type {Connections | null} */ (null));
export const groups = signal(/** @type {LetterGroup[] | null} */ (null));
/** Why the platform did not answer the last time. */
export const problem = signal(/** @type {unknown} */ (null));
/** Workers that were drained from here, which they tell themselves within ten seconds. */
export const drained = signal(/** @type {ReadonlySet<string>} */ (new Set()));
/** When the platform last answered, by this device's clock. */
export const heardAt = signal(0);
/** The time now, moved on while somebody looks: ages grow also where nothing is answered. */
export const now = signal(Date.now());
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
    waits("dead-letters", 0);
  };
}

/** @param {WorkerItem} one @returns {string} its name among all workers */
export function nodeOf(one) {
  return `${one.name}@${one.host}`;
}

/** @param {WorkerItem} one @returns {string} its name among all workers, also those that had it before a restart */
const lifeOf = (one) => `${nodeOf(one)} ${one.startedAt}`;

/** @param {WorkerItem} one */
export function noteDrained(one) {
  drained.value = new Set([...drained.value, lifeOf(one)]);
}

/** @param {WorkerItem} one @returns {boolean} whether it receives nothing more */
export function isDraining(one) {
  return Boolean(one.draining) || drained.value.has(lifeOf(one));
}

let isLooking = false;
let looks = 0;

/** Look once; a slow answer is not asked for twice, and what does not answer keeps nothing else from being seen. */
export async function lookOnce() {
  if (isLooking) return;
  isLooking = true;
  const wantsLetters = looks % LETTERS_EVERY === 0;
  looks += 1;
  const asked = /** @type {const} */ ([api.showStatus(call), api.showQueues(call), api.showWorkers(call), wantsLetters ? api.groupDeadLetters(call) : null]);
  const [told, queueList, workerList, letters] = await Promise.allSettled(asked);
  isLooking = false;
  batch(() => {
    now.value = Date.now();
    problem.value = told.status === "rejected" ? told.reason : null;
    if (told.status === "fulfilled") {
      heardAt.value = Date.now();
      status.value = /** @type {Status} */ (told.value);
      waits("dead-letters", told.value.letters ?? 0);
    }
    if (queueList.status === "fulfilled") queues.value = queueList.value.queues;
    if (workerList.status === "fulfilled") noteWorkers(workerList.value);
    if (letters.status === "fulfilled" && letters.value) groups.value = letters.value.groups;
  });
}

/** Look at the connections once. */
export async function lookAtConnections() {
  await api.showConnections(call).then((found) => (connections.value = found), () => {});
}

/** @param {{ workers: WorkerItem[], unattended: string[] }} found */
function noteWorkers(found) {
  ahead = Math.max(ahead, ...found.workers.map((one) => Date.parse(one.heardAt) - Date.now()), -86_400_000);
  workers.value = withLost(found.workers);
  unattended.value = found.unattended;
}

/** Workers that were here a while ago and tell nothing any more stay in sight. @param {WorkerItem[]} living @returns {WorkerItem[]} */
function withLost(living) {
  const known = new Set(living.map(nodeOf));
  const lost = (workers.peek() ?? []).filter((one) => !known.has(nodeOf(one)) && secondsSince(one.heardAt) * 1000 < FORGOTTEN_MS);
  return [...living, ...lost].sort((a, b) => nodeOf(a).localeCompare(nodeOf(b)));
}

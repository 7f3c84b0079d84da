// The set of sentences that is being practised. It lies on this device, so that a reload goes on where one was.
import { signal } from "@preact/signals";
import { call, freshId } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem } from "../api/problem.js";
import { account } from "../api/session.js";
import { keepAt, keptAt } from "../keep/drafts.js";

/** @typedef {import("../api/contracts.js").Result} Result */
/** @typedef {{ english: string, korean?: string, scores: number[], result?: Result }} Item `scores` of each try that was graded */
/** @typedef {{ id: string, title: string, sessionId?: string, items: Item[], at: number }} PracticeSet */

const PLACE = "practise/set";

/** The set that is underway; null where there is none, undefined before that is known. */
export const practiceSet = signal(/** @type {PracticeSet | null | undefined} */ (undefined));

/** Whose set it is: another person may sign in at the same page. */
let owner = "";

/** Learn what was underway on this device. */
export async function loadSet() {
  const mine = account.peek()?.userId ?? "";
  if (practiceSet.value !== undefined && owner === mine) return;
  owner = mine;
  practiceSet.value = undefined;
  const kept = await keptAt(PLACE);
  if (practiceSet.value === undefined) practiceSet.value = kept ?? null;
}

/** @param {PracticeSet | null} set */
function change(set) {
  owner = account.peek()?.userId ?? "";
  practiceSet.value = set;
  keepAt(PLACE, set ?? undefined);
}

/**
 * Begin a set; the one before ends.
 * @param {string} title
 * @param {{ english: string, korean?: string }[]} sentences
 * @param {string} [sessionId] the session that they were written for
 */
export function startSet(title, sentences, sessionId) {
  endSet();
  const items = sentences.map(({ english, korean }) => ({ english, korean, scores: [] }));
  change({ id: freshId(), title, sessionId, items, at: 0 });
}

/** Be done with the set: its session ends, and is counted. */
export function endSet() {
  const set = practiceSet.value;
  change(null);
  if (set?.sessionId) api.endSession(call, { body: { sessionId: set.sessionId } }).catch(() => {});
}

/** @param {number} at */
export function goTo(at) {
  const set = practiceSet.value;
  if (set) change({ ...set, at: Math.max(0, Math.min(at, set.items.length)) });
}

/** @param {number} index @param {Result} result how its sentence was said just now */
export function said(index, result) {
  const set = practiceSet.value;
  if (!set) return;
  const items = set.items.map((one, place) => (place === index ? { ...one, result, scores: result.grade ? [...one.scores, result.overallScore] : one.scores } : one));
  change({ ...set, items });
}

/** @returns {Promise<string | undefined>} the session that recordings of the set belong to; one is begun where there is none */
export async function sessionOf() {
  const set = practiceSet.value;
  if (!set || set.sessionId) return set?.sessionId;
  const { sessionId } = await api.startSession(call, { body: { sessionType: "practice", metadata: { topic: set.title.slice(0, 200) } }, key: set.id });
  const now = practiceSet.value;
  if (now?.id === set.id) change({ ...now, sessionId });
  return sessionId;
}

/** A session that nobody used for an hour has ended by itself: the set goes on in another. @param {unknown} problem @returns {boolean} whether to try again */
export function forgetSession(problem) {
  const set = practiceSet.value;
  const hasEnded = problem instanceof Problem && (problem.code === "CONFLICT" || problem.code === "NOT_FOUND");
  if (!hasEnded || !set?.sessionId) return false;
  change({ ...set, id: freshId(), sessionId: undefined });
  return true;
}

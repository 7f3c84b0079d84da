// Dead letters of one state, grouped by their cause, and which of them are selected.
import { batch, computed, signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";

/**
 * @typedef {object} LetterItem
 * @property {string} id
 * @property {"open" | "parked" | "replayed" | "discarded"} state
 * @property {string | null} [task]
 * @property {string} queue
 * @property {string} death
 * @property {string} error
 * @property {string} fingerprint
 * @property {number} attempts
 * @property {number} receives
 * @property {number} replays
 * @property {string | null} [correlationId]
 * @property {string} firstAt
 * @property {string} lastAt
 * @property {string | null} [replayAt]
 * @property {string | null} [succeededAt]
 * @property {string | null} [reason]
 *
 * @typedef {{ userId: string, status: string, error?: string | null, toldAt: string }} AwaitedBy who waits for the job, and what they were told last
 * @typedef {{ fingerprint: string, letters: LetterItem[] }} Group
 * @typedef {LetterItem & { traceback: string, arguments?: Record<string, unknown> | null, rawBody?: string | null, awaitedBy?: AwaitedBy | null, audit: { at: string, by: string, action: string, details?: string | null }[] }} LetterDetails
 */

const PAGE = 100;
const MOST_PAGES = 10;

export const state = signal(/** @type {LetterItem["state"]} */ ("open"));
export const letters = signal(/** @type {LetterItem[] | null} */ (null));
export const isWhole = signal(true);
export const search = signal("");
export const selected = signal(/** @type {ReadonlySet<string>} */ (new Set()));

/** What the search leaves, by cause: the most frequent first. */
export const grouped = computed(() => {
  const wanted = search.value.trim().toLowerCase();
  const found = (letters.value ?? []).filter((one) => !wanted || [one.queue, one.task, one.error, one.id, one.correlationId].some((text) => text?.toLowerCase().includes(wanted)));
  /** @type {Map<string, LetterItem[]>} */
  const by = new Map();
  for (const one of found) by.set(one.fingerprint, [...(by.get(one.fingerprint) ?? []), one]);
  return [...by.entries()].map(([fingerprint, some]) => ({ fingerprint, letters: some })).sort((a, b) => b.letters.length - a.letters.length);
});

/** Load the letters of the state that is looked at. @throws {import("../api/problem.js").Problem} */
export async function loadLetters() {
  const wanted = state.value;
  /** @type {LetterItem[]} */
  const found = [];
  let cursor = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await api.listDeadLetters(call, { query: { state: wanted, limit: PAGE, cursor } });
    found.push(.../** @type {LetterItem[]} */ (answer.deadLetters));
    cursor = answer.nextCursor ?? null;
    if (!cursor) break;
  }
  if (wanted !== state.value) return;
  batch(() => {
    letters.value = found;
    isWhole.value = !cursor;
    const known = new Set(found.map((one) => one.id));
    selected.value = new Set([...selected.value].filter((id) => known.has(id)));
  });
}

/** @param {string[]} ids @param {boolean} isOn */
export function select(ids, isOn) {
  const next = new Set(selected.value);
  for (const id of ids) if (isOn) next.add(id); else next.delete(id);
  selected.value = next;
}

/** @returns {string[]} the causes whose letters are all selected, where nothing else is: these are replayed as one job each */
export function wholeCauses() {
  const causes = grouped.value.filter((group) => group.letters.some((one) => selected.value.has(one.id)));
  return causes.every((group) => group.letters.every((one) => selected.value.has(one.id))) && !search.value.trim() ? causes.map((group) => group.fingerprint) : [];
}

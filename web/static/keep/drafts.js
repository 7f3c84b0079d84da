// What somebody has typed and not sent, by person and place; it survives a reload and a closed tab.
import { account } from "../api/session.js";
import { get, put, remove } from "./database.js";

/** @param {string} place */
const keyOf = (place) => `${account.peek()?.userId ?? ""}/${place}`;

/** @param {string} place @returns {Promise<string>} */
export async function draftOf(place) {
  return (await get("drafts", keyOf(place)).catch(() => "")) ?? "";
}

/** @param {string} place @param {string} text */
export function keepDraft(place, text) {
  const kept = text ? put("drafts", text, keyOf(place)) : remove("drafts", keyOf(place));
  kept.catch(() => {});
}

/** @param {string} place @returns {Promise<any>} what was kept there, or undefined */
export async function keptAt(place) {
  return await get("drafts", keyOf(place)).catch(() => undefined);
}

/** @param {string} place @param {any} value what is kept there from now on; undefined: nothing */
export function keepAt(place, value) {
  const kept = value === undefined ? remove("drafts", keyOf(place)) : put("drafts", value, keyOf(place));
  kept.catch(() => {});
}

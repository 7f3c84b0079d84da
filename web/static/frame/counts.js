// How much waits at a place where one can go, as the pages that know it tell.
import { signal } from "@preact/signals";

/** By the name of the place; nothing is shown where nobody tells. @type {import("@preact/signals").Signal<Record<string, number>>} */
export const counts = signal({});

/** @param {string} name @param {number} count */
export function waits(name, count) {
  if (counts.peek()[name] !== count) counts.value = { ...counts.peek(), [name]: count };
}

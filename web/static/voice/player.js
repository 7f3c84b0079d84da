// One voice at a time: whatever begins to play ends what played before.
import { signal } from "@preact/signals";

/** @typedef {{ id: string, positionMs: number, durationMs: number, isPaused: boolean }} Playing */

/** @type {import("@preact/signals").Signal<Playing | null>} */
export const playing = signal(null);

/** @type {HTMLAudioElement | null} */
let audio = null;
/** @type {(() => void) | null} */
let whenOver = null;
let frame = 0;

/**
 * Play a sound from its beginning, or go on where it was paused.
 * @param {string} id whose it is
 * @param {string} source
 * @param {{ from?: number, then?: () => void }} [options] `from` in milliseconds; `then` when it was heard to its end
 * @returns {Promise<void>} when it began
 */
export async function play(id, source, { from, then } = {}) {
  if (audio && playing.value?.id === id && audio.src === new URL(source, location.href).href) {
    if (from !== undefined) audio.currentTime = from / 1000;
    whenOver = then ?? null;
    return await audio.play();
  }
  stop();
  const made = new Audio(source);
  audio = made;
  whenOver = then ?? null;
  playing.value = { id, positionMs: from ?? 0, durationMs: 0, isPaused: false };
  if (from) made.currentTime = from / 1000;
  for (const event of ["play", "pause", "ended", "durationchange", "seeked", "error"]) made.addEventListener(event, () => follow(made, event));
  await made.play();
}

/** @param {string} id */
export function pause(id) {
  if (playing.value?.id === id) audio?.pause();
}

/** @param {string} id @param {number} positionMs */
export function seek(id, positionMs) {
  if (audio && playing.value?.id === id) audio.currentTime = positionMs / 1000;
}

/** Be silent; nothing is going on afterwards. */
export function stop() {
  cancelAnimationFrame(frame);
  const old = audio;
  audio = null;
  whenOver = null;
  old?.pause();
  playing.value = null;
}

/** @param {HTMLAudioElement} source @param {string} event */
function follow(source, event) {
  if (source !== audio) return;
  if (event === "ended" || event === "error") {
    const next = whenOver;
    stop();
    next?.();
    return;
  }
  tick();
}

function tick() {
  cancelAnimationFrame(frame);
  const now = playing.value;
  if (!audio || !now) return;
  const durationMs = Number.isFinite(audio.duration) ? audio.duration * 1000 : 0;
  playing.value = { id: now.id, positionMs: audio.currentTime * 1000, durationMs, isPaused: audio.paused };
  if (!audio.paused) frame = requestAnimationFrame(tick);
}

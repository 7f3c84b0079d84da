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
let untilMs = Infinity;

/**
 * Play a sound from its beginning, or go on where it was paused.
 * @param {string} id whose it is
 * @param {string} source
 * @param {{ from?: number, until?: number, rate?: number, then?: () => void }} [options] `from` and `until` in milliseconds;
 *   `rate` below 1 is slower at the same pitch; `then` when it was heard to its end
 * @returns {Promise<void>} when it began
 */
export async function play(id, source, { from, until = Infinity, rate = 1, then } = {}) {
  const isSame = audio && playing.value?.id === id && audio.src === new URL(source, location.href).href;
  if (!isSame) begin(id, source, from);
  const made = /** @type {HTMLAudioElement} */ (audio);
  untilMs = until;
  whenOver = then ?? null;
  made.playbackRate = rate;
  if (from !== undefined) made.currentTime = from / 1000;
  await made.play();
}

/** @param {string} id @param {string} source @param {number} [from] */
function begin(id, source, from = 0) {
  stop();
  const made = new Audio(source);
  audio = made;
  playing.value = { id, positionMs: from, durationMs: 0, isPaused: false };
  for (const event of ["play", "pause", "ended", "durationchange", "seeked", "error"]) made.addEventListener(event, () => follow(made, event));
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
  if (event === "ended" || event === "error") return over();
  tick();
}

function over() {
  const next = whenOver;
  stop();
  next?.();
}

function tick() {
  cancelAnimationFrame(frame);
  const now = playing.value;
  if (!audio || !now) return;
  if (audio.currentTime * 1000 >= untilMs) return over();
  const durationMs = Number.isFinite(audio.duration) ? audio.duration * 1000 : 0;
  playing.value = { id: now.id, positionMs: audio.currentTime * 1000, durationMs, isPaused: audio.paused };
  if (!audio.paused) frame = requestAnimationFrame(tick);
}

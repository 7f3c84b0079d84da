// Recording from the microphone. Every second of it lies on the disk at once; it is thrown away only when it is safe.
import { signal } from "@preact/signals";
import { account } from "../api/session.js";
import { freshId } from "../api/client.js";
import { all, put, remove } from "../keep/database.js";

/** @typedef {{ id: string, userId: string, place: string, type: string, startedAt: string, seconds: number }} Recording */
/** @typedef {{ name: "ready" | "asking" | "listening" | "blocked", seconds: number }} RecorderState */

export const MOST_SECONDS = 60;
export const MOST_LEVELS = 72;
const SLICE_MS = 1_000;
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

/** How the microphone stands; one recording at a time in a tab. */
export const recorder = signal(/** @type {RecorderState} */ ({ name: "ready", seconds: 0 }));
/** The last loudnesses, 0 to 1, for the meter. */
export const levels = signal(/** @type {number[]} */ ([]));

/** @type {{ media: MediaRecorder, recording: Recording, chunks: Promise<void>[], timer: number, context: AudioContext, over: (id: string | null) => void } | null} */
let current = null;

/**
 * Begin to record; ends by `stop`, `discard`, or after a minute.
 * @param {string} place what it is for
 * @returns {Promise<string | null>} the recording's id when it has ended; null where it was thrown away or never began
 */
export async function record(place) {
  if (current || recorder.value.name === "asking") return null;
  recorder.value = { name: "asking", seconds: 0 };
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  } catch {
    recorder.value = { name: "blocked", seconds: 0 };
    return null;
  }
  return await new Promise((over) => begin(stream, place, over));
}

/** @param {MediaStream} stream @param {string} place @param {(id: string | null) => void} over */
function begin(stream, place, over) {
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one)) ?? "";
  const media = new MediaRecorder(stream, { mimeType: type || undefined, audioBitsPerSecond: 32_000 });
  const recording = { id: freshId(), userId: account.peek()?.userId ?? "", place, type: media.mimeType, startedAt: new Date().toISOString(), seconds: 0 };
  /** @type {Promise<void>[]} */
  const chunks = [put("recordings", recording)];
  const began = performance.now();
  const timer = window.setInterval(() => tick((performance.now() - began) / 1000), 100);
  current = { media, recording, chunks, timer, context: new AudioContext(), over };
  listenTo(stream, current.context);
  let index = 0;
  media.ondataavailable = ({ data }) => {
    if (data.size) chunks.push(put("chunks", { id: recording.id, index: index++, data }).catch(() => {}));
  };
  media.onstop = () => void ended(recording.id);
  media.start(SLICE_MS);
  recorder.value = { name: "listening", seconds: 0 };
}

/** @param {number} seconds */
function tick(seconds) {
  recorder.value = { name: "listening", seconds };
  if (seconds >= MOST_SECONDS) stop();
}

/** @param {MediaStream} stream @param {AudioContext} context */
function listenTo(stream, context) {
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  levels.value = [];
  const measure = () => {
    if (context.state === "closed") return;
    analyser.getFloatTimeDomainData(samples);
    const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
    levels.value = [...levels.value.slice(1 - MOST_LEVELS), Math.min(1, loud * 6)];
    setTimeout(measure, 80);
  };
  measure();
}

let isDiscarded = false;

/** @param {string} id */
async function ended(id) {
  const done = current;
  current = null;
  if (!done) return;
  clearInterval(done.timer);
  void done.context.close();
  for (const track of done.media.stream.getTracks()) track.stop();
  const seconds = recorder.value.seconds;
  recorder.value = { name: "ready", seconds: 0 };
  await Promise.all(done.chunks).catch(() => {});
  if (isDiscarded) await discardRecording(id);
  else await put("recordings", { ...done.recording, seconds }).catch(() => {});
  done.over(isDiscarded ? null : id);
}

/** End the recording and keep it. */
export function stop() {
  isDiscarded = false;
  if (current?.media.state === "recording") current.media.stop();
}

/** End the recording and throw it away. */
export function discard() {
  isDiscarded = true;
  if (current?.media.state === "recording") current.media.stop();
}

/** Ask anew for a microphone that was blocked. */
export function forgetBlocked() {
  if (recorder.value.name === "blocked") recorder.value = { name: "ready", seconds: 0 };
}

/** @param {string} id @returns {Promise<Blob>} what was recorded, as far as it lies on the disk */
export async function recordingOf(id) {
  const chunks = await all("chunks", IDBKeyRange.bound([id, 0], [id, Infinity]));
  return new Blob(chunks.map((one) => one.data), { type: chunks[0]?.data.type ?? "audio/webm" });
}

/** @param {string} id it is safe elsewhere, or not wanted */
export async function discardRecording(id) {
  await remove("chunks", IDBKeyRange.bound([id, 0], [id, Infinity])).catch(() => {});
  await remove("recordings", id).catch(() => {});
}

/** @param {string} place @returns {Promise<Recording[]>} what an earlier page recorded for it and did not send */
export async function leftRecordings(place) {
  const mine = account.peek()?.userId;
  const kept = await all("recordings").catch(() => []);
  return kept.filter((one) => one.place === place && one.userId === mine && one.id !== current?.recording.id);
}

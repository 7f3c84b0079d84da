// Spoken texts with the times of their words, fetched once and kept while the page lives.
import { call } from "../api/client.js";
import { Problem } from "../api/problem.js";
import { finished } from "../live/jobs.js";

/** @typedef {{ source: string, durationMs: number, words: import("../api/contracts.js").Word[], peaks: number[], text: string }} Sound */

const MOST_KEPT = 40;
const PEAKS = 44;
const TRIES_MS = [250, 400, 800, 1600];
/** @type {Map<string, Promise<Sound>>} */
const kept = new Map();

/**
 * @param {string} name under which the sound is kept
 * @param {() => Promise<Sound>} make
 * @returns {Promise<Sound>}
 */
function once(name, make) {
  const known = kept.get(name);
  if (known) return known;
  const made = make();
  kept.set(name, made);
  made.catch(() => kept.delete(name));
  const oldest = kept.keys().next().value;
  if (kept.size > MOST_KEPT && oldest !== undefined) void letGo(oldest);
  return made;
}

/** @param {string} name */
async function letGo(name) {
  const sound = await kept.get(name)?.catch(() => null);
  kept.delete(name);
  if (sound?.source.startsWith("blob:")) URL.revokeObjectURL(sound.source);
}

/** @param {string} roomId @param {string} messageId @param {string} voice @returns {Promise<Sound>} a message of a room, spoken */
export function soundOfMessage(roomId, messageId, voice) {
  return once(`${messageId}/${voice}`, () => spoken(`/rooms/${roomId}/messages/${messageId}/voice`, { voice }));
}

/** @param {string} text @param {string} voice @returns {Promise<Sound>} any English text, spoken */
export function soundOfText(text, voice) {
  return once(`${voice}/${text}`, () => spoken("/api/tts", { text, voice }));
}

/** @param {string} audioUrl @returns {Promise<Sound>} a sound that lies in the bucket, without the times of its words */
export function soundAt(audioUrl) {
  return once(audioUrl.split("?")[0] ?? audioUrl, () => fetched(audioUrl));
}

/**
 * The times of a sentence's words: it may be heard a moment before they are there.
 * @param {string} wordsUrl
 * @returns {Promise<{ text: string, words: import("../api/contracts.js").Word[], durationMs: number } | null>}
 */
export async function timesAt(wordsUrl) {
  for (const wait of TRIES_MS) {
    await new Promise((over) => setTimeout(over, wait));
    const found = await wordsAt(wordsUrl);
    if (found) return found;
  }
  return null;
}

/** @param {string} path @param {object} body */
async function spoken(path, body) {
  let ready = await call("POST", path, { body });
  if (!ready.audioUrl) {
    await finished(ready.jobId);
    ready = await call("POST", path, { body });
  }
  if (!ready.audioUrl) throw new Problem("UNAVAILABLE");
  return await fetched(ready.audioUrl, ready.wordsUrl);
}

/** @param {string} audioUrl @param {string | null} [wordsUrl] @returns {Promise<Sound>} */
async function fetched(audioUrl, wordsUrl) {
  const [audio, timed] = await Promise.all([bytesOf(audioUrl), wordsUrl ? wordsAt(wordsUrl) : null]);
  const { peaks, durationMs } = await loudnessOf(audio.slice(0));
  const source = URL.createObjectURL(new Blob([audio], { type: "audio/mpeg" }));
  return { source, durationMs: timed?.durationMs ?? durationMs, words: timed?.words ?? [], text: timed?.text ?? "", peaks };
}

/** @param {string} address */
async function bytesOf(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) throw new Problem(answer ? "NOT_FOUND" : "OFFLINE");
  return await answer.arrayBuffer();
}

/** @param {string} address */
async function wordsAt(address) {
  const answer = await fetch(address).catch(() => null);
  return answer?.ok ? await answer.json() : null;
}

/** @type {OfflineAudioContext | null} */
let decoder = null;

/** @param {ArrayBuffer} audio @returns {Promise<{ peaks: number[], durationMs: number }>} loudness in even parts, 0 to 1 */
export async function loudnessOf(audio) {
  decoder ??= new OfflineAudioContext(1, 1, 16_000);
  const decoded = await decoder.decodeAudioData(audio).catch(() => null);
  if (!decoded) return { peaks: Array(PEAKS).fill(0.4), durationMs: 0 };
  const samples = decoded.getChannelData(0);
  const size = Math.max(1, Math.floor(samples.length / PEAKS));
  const loud = Array.from({ length: PEAKS }, (_, part) => {
    let sum = 0;
    for (let at = part * size; at < (part + 1) * size; at += 4) sum += (samples[at] ?? 0) ** 2;
    return Math.sqrt((4 * sum) / size);
  });
  const most = Math.max(...loud, 1e-6);
  return { peaks: loud.map((one) => Math.max(0.1, (one / most) ** 0.6)), durationMs: decoded.duration * 1000 };
}

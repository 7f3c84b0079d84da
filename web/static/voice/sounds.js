// Spoken texts with the times of their words, fetched once and kept while the page lives.
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem } from "../api/problem.js";
import { finished } from "../live/jobs.js";
import { waveFile } from "./wave-file.js";

/** @typedef {{ source: string, durationMs: number, words: import("../api/contracts.js").Word[], peaks: number[], text: string }} Sound */

const MOST_KEPT = 40;
const PEAKS = 44;
const RECORDED_PEAKS = 88;
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

/** @param {string} roomId @param {string} messageId @param {Wire.VoiceRole} voice @returns {Promise<Sound>} a message of a room, spoken */
export function soundOfMessage(roomId, messageId, voice) {
  return once(`${messageId}/${voice}`, () => spoken(() => api.requestMessageVoice(call, { path: { roomId, messageId }, body: { voice } })));
}

/** @param {string} text @param {Wire.VoiceRole} voice @returns {Promise<Sound>} any English text, spoken */
export function soundOfText(text, voice) {
  return once(`${voice}/${text}`, () => spoken(() => api.requestSpeech(call, { body: { text, voice } })));
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

/** @param {() => Promise<Wire.SpeechReady | Wire.SpeechQueued>} ask */
async function spoken(ask) {
  let ready = await ask();
  if ("jobId" in ready) {
    await finished(ready.jobId);
    ready = await ask();
  }
  if ("jobId" in ready) throw new Problem("UNAVAILABLE");
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
  const decoded = await decode(audio);
  if (!decoded) return { peaks: Array(PEAKS).fill(0.4), durationMs: 0 };
  return { peaks: peaksOf(decoded.getChannelData(0), PEAKS), durationMs: decoded.duration * 1000 };
}

/**
 * A recording as it can be played from any place: browsers record without an index, so it is written anew, plain.
 * @param {Blob} recording
 * @returns {Promise<Sound>}
 */
export async function soundOfRecording(recording) {
  const decoded = await decode(await recording.arrayBuffer());
  if (!decoded) return { source: URL.createObjectURL(recording), durationMs: 0, words: [], peaks: Array(RECORDED_PEAKS).fill(0.4), text: "" };
  const samples = decoded.getChannelData(0);
  const source = URL.createObjectURL(waveFile(samples, decoded.sampleRate));
  return { source, durationMs: decoded.duration * 1000, words: [], peaks: peaksOf(samples, RECORDED_PEAKS), text: "" };
}

/** @param {ArrayBuffer} audio @returns {Promise<AudioBuffer | null>} null where the browser cannot read it */
async function decode(audio) {
  decoder ??= new OfflineAudioContext(1, 1, 16_000);
  return await decoder.decodeAudioData(audio).catch(() => null);
}

/** @param {Float32Array} samples @param {number} count @returns {number[]} loudness in so many even parts, 0 to 1 */
function peaksOf(samples, count) {
  const size = Math.max(1, Math.floor(samples.length / count));
  const loud = Array.from({ length: count }, (_, part) => {
    let sum = 0;
    for (let at = part * size; at < (part + 1) * size; at += 4) sum += (samples[at] ?? 0) ** 2;
    return Math.sqrt((4 * sum) / size);
  });
  const most = Math.max(...loud, 1e-6);
  return loud.map((one) => Math.max(0.1, (one / most) ** 0.6));
}

// What was said in a recording, as the platform heard it.
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { finished } from "../live/jobs.js";
import { recordingOf } from "../voice/recorder.js";

/**
 * @param {string} recordingId
 * @returns {Promise<{ transcript: string, confidence?: number | null }>}
 * @throws {import("../api/problem.js").Problem}
 */
export async function transcriptOf(recordingId) {
  const audioData = await inBase64(await recordingOf(recordingId));
  const answer = await api.hearRecording(call, { body: { audioData }, key: recordingId });
  return "jobId" in answer ? await finished(answer.jobId) : answer;
}

/** @param {Blob} blob @returns {Promise<string>} */
function inBase64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(/** @type {string} */ (reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

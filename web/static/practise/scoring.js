// How a sentence was said: the recording goes to the platform, which hears and scores it.
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { finished } from "../live/jobs.js";
import { recordingOf } from "../voice/recorder.js";
import { forgetSession, sessionOf } from "./sets.js";

/** @typedef {import("../api/contracts.js").Result} Result */

/**
 * @param {string} recordingId
 * @param {string} sentence
 * @param {(stage: string) => void} onStage `stored`, `heard`, `aligned`, `scored`
 * @returns {Promise<{ result: Result, recording: Blob }>}
 * @throws {import("../api/problem.js").Problem}
 */
export async function score(recordingId, sentence, onStage) {
  const recording = await recordingOf(recordingId);
  const jobId = await sent(recordingId, recording, sentence).catch((problem) => {
    if (!forgetSession(problem)) throw problem;
    return sent(recordingId, recording, sentence, "/again");
  });
  const result = await finished(jobId, (job) => job.stage && onStage(job.stage));
  return { result, recording };
}

/** @param {string} recordingId @param {Blob} recording @param {string} sentence @param {string} [suffix] @returns {Promise<string>} the job that scores it */
async function sent(recordingId, recording, sentence, suffix = "") {
  const form = new FormData();
  form.append("audioFile", recording, "recording.webm");
  form.append("originalText", sentence);
  const sessionId = await sessionOf();
  if (sessionId) form.append("sessionId", sessionId);
  const answer = await api.evaluateRecording(call, { query: { wait: 0 }, form, key: recordingId + suffix });
  return /** @type {Wire.JobAcceptedAnswer} */ (answer).jobId;
}

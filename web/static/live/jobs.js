// What is made by a worker: pushed over the channel when it is there, and asked for where a push may have been missed.
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem } from "../api/problem.js";
import { onFrame } from "./channel.js";

const ASK_MS = 3_000;
const LONGEST_MS = 120_000;
const MOST_REMEMBERED = 40;

/** What was pushed last of each job: a push may overtake the answer that names its job. @type {Map<string, any>} */
const pushed = new Map();

onFrame("job", (job) => {
  pushed.delete(job.jobId);
  pushed.set(job.jobId, job);
  const oldest = pushed.keys().next().value;
  if (pushed.size > MOST_REMEMBERED && oldest !== undefined) pushed.delete(oldest);
});

/**
 * @param {string} jobId
 * @param {(job: any) => void} [onStage] called with each push of a job that goes on
 * @param {number} [longestMs] how long it is waited for
 * @returns {Promise<any>} the job's result
 * @throws {Problem} with the job's error
 */
export function finished(jobId, onStage, longestMs = LONGEST_MS) {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    const over = () => {
      clearInterval(timer);
      off();
    };
    const look = (/** @type {any} */ job) => {
      if (job.status === "COMPLETED") resolve(job.result ?? job);
      else if (job.status === "FAILED" || job.status === "CANCELLED") reject(new Problem(job.error ?? job.status));
      else return void onStage?.(job);
      over();
    };
    const ask = async () => {
      if (Date.now() - began > longestMs) {
        over();
        return reject(new Problem("UNAVAILABLE"));
      }
      await api.showJob(call, { path: { jobId } }).then(look, () => {});
    };
    const off = onFrame("job", (job) => job.jobId === jobId && look(job));
    const timer = setInterval(ask, ASK_MS);
    if (pushed.has(jobId)) look(pushed.get(jobId));
  });
}

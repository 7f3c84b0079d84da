// What can go wrong with a call, as pages handle it: by its code, never by the server's text.
import { counted, named } from "../words/words.js";

export class Problem extends Error {
  /**
   * @param {string} code a code of the API, or OFFLINE where no answer came
   * @param {{ status?: number, retryAfter?: number, details?: { field: string, message: string }[], requestId?: string }} [more]
   */
  constructor(code, more = {}) {
    super(code);
    this.code = code;
    this.status = more.status ?? 0;
    this.retryAfter = more.retryAfter;
    this.details = more.details ?? [];
    this.requestId = more.requestId;
  }

  /** @returns {boolean} whether the same call may succeed later */
  get mayPass() {
    return ["OFFLINE", "UNAVAILABLE", "RATE_LIMITED", "INTERNAL_SERVER_ERROR"].includes(this.code);
  }
}

/**
 * @param {unknown} problem
 * @returns {string} a sentence for people
 */
export function sentence(problem) {
  const code = problem instanceof Problem ? problem.code : "INTERNAL_SERVER_ERROR";
  if (problem instanceof Problem && code === "RATE_LIMITED" && problem.retryAfter) {
    return counted("problem.pause", problem.retryAfter);
  }
  return named("problem", code, "problem.INTERNAL_SERVER_ERROR");
}

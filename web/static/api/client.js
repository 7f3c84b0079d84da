// Calls as the person who is signed in.
import { signal } from "@preact/signals";
import { Problem } from "./problem.js";
import { request } from "./request.js";
import { accessToken, freshToken } from "./tokens.js";

/** Rises whenever a call learned that the sign-in has ended. */
export const endings = signal(0);

/**
 * Send a request with the access token; where that is refused, once more with a new one.
 * @param {string} method
 * @param {string} path
 * @param {Omit<import("./request.js").Options, "token">} [options]
 * @returns {Promise<any>}
 * @throws {Problem}
 */
export async function call(method, path, options = {}) {
  try {
    try {
      return await request(method, path, { ...options, token: await accessToken() });
    } catch (problem) {
      if (!isRefused(problem)) throw problem;
      return await request(method, path, { ...options, token: await freshToken() });
    }
  } catch (problem) {
    if (isRefused(problem)) endings.value += 1;
    throw problem;
  }
}

/** @param {unknown} problem */
function isRefused(problem) {
  return problem instanceof Problem && problem.code === "UNAUTHORIZED";
}

/** @returns {string} a new id */
export function freshId() {
  return crypto.randomUUID();
}

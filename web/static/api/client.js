// Calls as the person who is signed in.
import { signal } from "@preact/signals";
import { Problem } from "./problem.js";
import { request, requestFile } from "./request.js";
import { accessToken, freshToken } from "./tokens.js";

/** Rises whenever a call learned that the sign-in has ended. */
export const endings = signal(0);

/** @typedef {Omit<import("./request.js").Options, "token">} Options */

/**
 * Send a request with the access token; where that is refused, once more with a new one.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>}
 * @throws {Problem}
 */
export async function call(method, path, options = {}) {
  return await signedIn((token) => request(method, path, { ...options, token }));
}

/**
 * Read a file as the person who is signed in.
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Blob>}
 * @throws {Problem}
 */
export async function file(path, options = {}) {
  return await signedIn((token) => requestFile("GET", path, { ...options, token }));
}

/**
 * @template T
 * @param {(token: string) => Promise<T>} send
 * @returns {Promise<T>}
 */
async function signedIn(send) {
  try {
    try {
      return await send(await accessToken());
    } catch (problem) {
      if (!isRefused(problem)) throw problem;
      return await send(await freshToken());
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

/** @returns {string} a new id; browsers make none themselves where the page came over plain http */
export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/u, "$1-$2-4$3-a$4-$5");
}

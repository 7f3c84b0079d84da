// One request to the gateway.
import { language } from "../words/words.js";
import { Problem } from "./problem.js";

/**
 * @typedef {object} Options
 * @property {string} [token]
 * @property {unknown} [body] sent as JSON
 * @property {unknown} [form] a `FormData`, sent as it is
 * @property {Record<string, string | number | boolean | null | undefined>} [query]
 * @property {string} [key] the Idempotency-Key: the same call again does nothing again
 * @property {AbortSignal} [signal]
 */

/**
 * Send a request and return its fields; answers of `/rooms` without their wrapping.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>}
 * @throws {Problem}
 */
export async function request(method, path, options = {}) {
  return await fieldsOf(await answered(method, path, options));
}

/**
 * Send a request and return what is in its answer, as it is.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Blob>}
 * @throws {Problem}
 */
export async function requestFile(method, path, options = {}) {
  const response = await answered(method, path, options);
  if (!response.ok) await fieldsOf(response);
  return await response.blob();
}

/** @param {string} method @param {string} path @param {Options} options */
async function answered(method, path, options) {
  const { token, body, form, query = {}, key, signal } = options;
  /** @type {Record<string, string>} */
  const headers = { "X-SpeakTracker-Client": "web", "Accept-Language": language.value };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const sent = form instanceof FormData ? form : body === undefined ? undefined : JSON.stringify(body);
  try {
    return await fetch(withQuery(path, query), { method, headers, signal, body: sent, credentials: "same-origin" });
  } catch (problem) {
    if (signal?.aborted) throw problem;
    throw new Problem("OFFLINE");
  }
}

/** @param {string} path @param {NonNullable<Options["query"]>} query */
function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/** @param {Response} response */
async function fieldsOf(response) {
  const answer = await response.json().catch(() => ({}));
  if (response.ok) {
    const fields = "data" in answer && "success" in answer ? answer.data : answer;
    return fields && typeof fields === "object" ? Object.defineProperty(fields, "httpStatus", { value: response.status }) : fields;
  }
  const retryAfter = Number(response.headers.get("Retry-After")) || undefined;
  throw new Problem(answer.error ?? (response.status >= 500 ? "UNAVAILABLE" : "INVALID_REQUEST"), { ...answer, status: response.status, retryAfter });
}

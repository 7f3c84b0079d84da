// The tokens of this sign-in. The access token lives in memory; the refresh token in a cookie that no script can read.
import * as api from "./generated/client.js";
import { Problem } from "./problem.js";
import { request } from "./request.js";

const EARLY_MS = 60_000;

/** @type {{ access: string, refresh?: string, until: number } | null} */
let tokens = null;
/** @type {Promise<string> | null} */
let refreshing = null;

/** @param {{ accessToken: string, refreshToken?: string | null, expiresIn: number }} given */
export function keepTokens(given) {
  tokens = { access: given.accessToken, refresh: given.refreshToken ?? tokens?.refresh, until: Date.now() + given.expiresIn * 1000 };
}

/** Forget the tokens that are kept in memory. */
export function dropTokens() {
  tokens = null;
}

/** @returns {string | undefined} the refresh token where the gateway gave it to the page */
export function refreshTokenGiven() {
  return tokens?.refresh;
}

/**
 * Return an access token that is good for a minute at least; however many ask at once, one refresh is sent.
 * @returns {Promise<string>}
 * @throws {Problem} UNAUTHORIZED where the sign-in has ended
 */
export async function accessToken() {
  if (tokens && tokens.until - Date.now() > EARLY_MS) return tokens.access;
  return await freshToken();
}

/**
 * @returns {Promise<string>} a new access token
 * @throws {Problem}
 */
export function freshToken() {
  refreshing ??= refresh().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function refresh() {
  const body = tokens?.refresh ? { refreshToken: tokens.refresh } : {};
  try {
    keepTokens(await api.refreshTokens(request, { body }));
  } catch (problem) {
    if (problem instanceof Problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
      throw new Problem("UNAUTHORIZED", { status: 401 });
    }
    throw problem;
  }
  return /** @type {{ access: string }} */ (/** @type {unknown} */ (tokens)).access;
}

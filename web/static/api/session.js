// Who is signed in at this page; all tabs of a browser agree.
import { effect, signal } from "@preact/signals";
import { language, speak } from "../words/words.js";
import { call, endings } from "./client.js";
import * as api from "./generated/client.js";
import { Problem } from "./problem.js";
import { request } from "./request.js";
import { accessToken, dropTokens, freshToken, keepTokens, refreshTokenGiven } from "./tokens.js";

/** @typedef {import("./contracts.js").Account} Account */
/** @typedef {"starting" | "out" | "in"} Standing */

const HINT = "signedIn";
const tabs = new BroadcastChannel("speaktracker");

/** @type {import("@preact/signals").Signal<Standing>} */
export const standing = signal("starting");
/** @type {import("@preact/signals").Signal<Account | null>} */
export const account = signal(null);
/** Whether the sign-in ended by itself: the page says that drafts are kept. */
export const hasExpired = signal(false);

/** Whether the account that was signed in here is being erased. */
export const isErased = signal(false);

/** Go on with the sign-in that the browser keeps; without one, nobody is signed in. */
export async function start() {
  tabs.onmessage = ({ data }) => (data === "out" ? leave(false) : resume());
  effect(() => {
    if (endings.value && standing.peek() === "in") leave(true);
  });
  await resume();
}

async function resume() {
  if (standing.value === "in") return;
  if (!localStorage.getItem(HINT)) {
    standing.value = "out";
    return;
  }
  try {
    await freshToken();
    await enter();
  } catch (problem) {
    if (problem instanceof Problem && problem.mayPass) return await waitForNetwork();
    leave(true);
  }
}

/** Show what is kept on this device until the gateway answers again. */
async function waitForNetwork() {
  const kept = localStorage.getItem("account");
  if (kept) {
    account.value = JSON.parse(kept);
    standing.value = "in";
  }
  const retry = async () => {
    try {
      await accessToken();
      await enter();
    } catch (problem) {
      if (problem instanceof Problem && problem.mayPass) setTimeout(retry, 3000);
      else leave(true);
    }
  };
  setTimeout(retry, 1000);
}

/**
 * @param {string} email
 * @param {string} password
 * @throws {Problem}
 */
export async function signIn(email, password) {
  keepTokens(await api.login(request, { body: { email, password } }));
  await enter();
  tabs.postMessage("in");
}

/** End this sign-in, here and in the other tabs; what is kept on this device stays for the same person. */
export async function signOut() {
  const refreshToken = refreshTokenGiven();
  try {
    await api.logout(call, { body: refreshToken ? { refreshToken } : {} });
  } catch (problem) {
    if (problem instanceof Problem && problem.mayPass) throw problem;
  }
  leave(false);
  tabs.postMessage("out");
}

/** The account is being erased: what this page knows of it goes, and the other tabs learn so. */
export function forgetSignIn() {
  leave(false);
  isErased.value = true;
  tabs.postMessage("out");
}

/** @param {Account} changed */
export function accountChanged(changed) {
  account.value = changed;
  localStorage.setItem("account", JSON.stringify(changed));
}

async function enter() {
  const mine = await api.showAccount(call);
  localStorage.setItem(HINT, "1");
  accountChanged(mine);
  if (mine.language && mine.language !== language.value) await speak(mine.language);
  hasExpired.value = isErased.value = false;
  standing.value = "in";
}

/** @param {boolean} byItself */
function leave(byItself) {
  dropTokens();
  localStorage.removeItem(HINT);
  localStorage.removeItem("account");
  account.value = null;
  hasExpired.value = byItself;
  standing.value = "out";
}

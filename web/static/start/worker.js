// The service worker, and the page's one Trusted Types policy: it names this script's address and nothing else.
const ADDRESS = "/service-worker.js";

/** @returns {string} the address as the browser wants it where it enforces Trusted Types */
function trusted() {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  if (!types) return ADDRESS;
  return types.createPolicy("speaktracker", { createScriptURL: () => ADDRESS }).createScriptURL("");
}

/** Have the client's own files kept for when there is no network; where workers are not allowed, nothing happens. */
export function installWorker() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(trusted(), { scope: "/" }).catch(() => {});
}

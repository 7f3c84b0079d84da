// Which page is shown: the address says it, links change it, and nothing is loaded anew.
import { signal } from "@preact/signals";

/** @typedef {{ path: string, parts: string[], query: URLSearchParams, isReplaced?: boolean }} Route `isReplaced`: one looks at something else there, and has gone nowhere */

const BASE = "/app";

/** @type {import("@preact/signals").Signal<Route>} */
export const route = signal(here());

/** @returns {Route} */
function here() {
  const { pathname, search } = location;
  const path = pathname.startsWith(`${BASE}/`) ? pathname.slice(BASE.length) : "/";
  return { path, parts: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(search) };
}

/** Follow the browser's back and forward, and links to pages of ours. */
export function startRouting() {
  addEventListener("popstate", () => {
    route.value = here();
  });
  document.addEventListener("click", follow);
}

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.hash && link.pathname === location.pathname) return;
  if (link.target || link.origin !== location.origin || !link.pathname.startsWith(`${BASE}/`)) return;
  event.preventDefault();
  go(link.pathname.slice(BASE.length) + link.search);
}

/** @param {string} path @returns {string} the address of a page */
export function address(path) {
  return BASE + path;
}

/** @param {string} path @param {{ replace?: boolean }} [options] */
export function go(path, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", address(path));
  route.value = { ...here(), isReplaced: replace };
}

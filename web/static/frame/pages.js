// Every page by the first part of its address; a page's code is loaded when it is first shown.

/** @typedef {{ Page: (given: { parts: string[], query: URLSearchParams }) => any }} PageModule */
/** @type {Record<string, () => Promise<PageModule>>} */
export const PAGES = {
  rooms: () => import("../rooms/page.js"),
  partner: () => import("../partner/page.js"),
  notifications: () => import("../notifications/page.js"),
  feedback: () => import("../feedback/page.js"),
  settings: () => import("../settings/page.js"),
};
export const FIRST = "/rooms";

// Every page by the first part of its address; a page's code is loaded when it is first shown.

/** @typedef {{ Page: (given: { parts: string[], query: URLSearchParams }) => any }} PageModule */
/** @type {Record<string, () => Promise<PageModule>>} */
export const PAGES = {
  practise: () => import("../practise/page.js"),
  rooms: () => import("../rooms/page.js"),
  partner: () => import("../partner/page.js"),
  map: () => import("../map/page.js"),
  progress: () => import("../progress/page.js"),
  tutors: () => import("../tutors/page.js"),
  students: () => import("../students/page.js"),
  requests: () => import("../students/requests-page.js"),
  operations: () => import("../operations/page.js"),
  notifications: () => import("../notifications/page.js"),
  feedback: () => import("../feedback/page.js"),
  settings: () => import("../settings/page.js"),
};

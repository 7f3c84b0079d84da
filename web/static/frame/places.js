// Where one can go, by what one is: a student, a tutor, or somebody on duty.

/** @typedef {{ name: string, path: string, icon: string }} Place `name` is what its words are called */

/** @type {Place[]} */
const STUDENT = [
  { name: "practise", path: "/practise", icon: "mic" },
  { name: "rooms", path: "/rooms", icon: "messages-square" },
  { name: "partner", path: "/partner", icon: "audio-lines" },
  { name: "map", path: "/map", icon: "waypoints" },
  { name: "progress", path: "/progress", icon: "chart-column" },
  { name: "tutors", path: "/tutors", icon: "graduation-cap" },
];

/** @type {Place[]} */
const TUTOR = [
  { name: "students", path: "/students", icon: "users" },
  { name: "requests", path: "/requests", icon: "hand" },
  { name: "rooms", path: "/rooms", icon: "messages-square" },
  { name: "partner", path: "/partner", icon: "audio-lines" },
];

/** @type {Place[]} */
const OPERATOR = [
  { name: "queues", path: "/operations/queues", icon: "layers" },
  { name: "workers", path: "/operations/workers", icon: "cpu" },
  { name: "dead-letters", path: "/operations/dead-letters", icon: "inbox" },
  { name: "connections", path: "/operations/connections", icon: "radio" },
  { name: "budgets", path: "/operations/budgets", icon: "gauge" },
];

/** Everybody's, behind the others; a phone has it at the top. @type {Place} */
export const NOTIFICATIONS = { name: "notifications", path: "/notifications", icon: "bell" };

/** @param {import("../api/contracts.js").Account | null} me @returns {Place[]} a phone has room for the first five; the others are among its settings */
export function placesOf(me) {
  if (me?.isOperator) return OPERATOR;
  return me?.role === "tutor" ? TUTOR : STUDENT;
}

/** @param {import("../api/contracts.js").Account | null} me @returns {string} where one begins */
export function firstPlace(me) {
  return placesOf(me)[0]?.path ?? "/rooms";
}

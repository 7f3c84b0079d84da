// A tutor's students as they are just now: asked for from time to time, and told by pushes in between.
import { signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { waits } from "../frame/counts.js";
import { channel, onFrame } from "../live/channel.js";

/**
 * @typedef {object} Student
 * @property {string} email
 * @property {string} name
 * @property {import("../api/contracts.js").Level | null} [level]
 * @property {boolean} shareResults
 * @property {boolean} shareRecordings
 * @property {boolean} online
 * @property {string | null} [room]
 * @property {boolean} isLearning
 * @property {string | null} [updatedAt]
 *
 * @typedef {{ requestId: string, studentEmail: string, studentName?: string, tutorEmail: string, tutorName?: string, status: "PENDING" | "APPROVED" | "REJECTED", message: string, createdAt: string }} TutorRequest
 * @typedef {"practising" | "room" | "online" | "away"} Doing
 */

const ASK_MS = 10_000;
/** @type {Doing[]} */
const ORDER = ["practising", "room", "online", "away"];

/** @type {import("@preact/signals").Signal<Student[] | null>} */
export const students = signal(null);
/** @type {import("@preact/signals").Signal<TutorRequest[]>} */
export const requests = signal([]);
export const problem = signal(/** @type {unknown} */ (null));

/** @param {Student} one @returns {Doing} */
export function doingOf({ online, isLearning, room }) {
  if (!online) return "away";
  return isLearning ? "practising" : room ? "room" : "online";
}

/** Follow the students while a page shows them. @returns {() => void} ends it */
export function followStudents() {
  const look = () => document.visibilityState === "visible" && void loadStudents();
  void loadStudents();
  void loadRequests();
  const timer = setInterval(look, ASK_MS);
  const ends = [
    onFrame("student_status_update", told),
    onFrame("notification", (push) => push.notificationType === "tutor_match" && void loadRequests()),
    channel.state.subscribe(({ name }) => name === "open" && students.peek() && void loadStudents()),
  ];
  return () => {
    clearInterval(timer);
    for (const end of ends) end();
  };
}

/** Learn how all students are. */
export async function loadStudents() {
  try {
    const page = await api.listStudents(call);
    students.value = inOrder(/** @type {Student[]} */ (page.students));
    problem.value = null;
  } catch (failure) {
    problem.value = failure;
  }
}

/** Learn who asks to be taught. */
export async function loadRequests() {
  const page = await api.listRequests(call, { query: { status: "PENDING", limit: 100 } }).catch(() => null);
  if (!page) return;
  requests.value = page.requests;
  waits("requests", page.requests.length);
}

/** @param {TutorRequest} request @param {"approve" | "reject"} how @throws {import("../api/problem.js").Problem} */
export async function decide(request, how) {
  try {
    await (how === "approve" ? api.approveRequest : api.rejectRequest)(call, { path: { requestId: request.requestId } });
  } finally {
    await loadRequests();
  }
  if (how === "approve") await loadStudents();
}

/** @param {{ studentEmail: string, room?: string, isLearning: boolean, updatedAt: string }} push */
function told({ studentEmail, room, isLearning, updatedAt }) {
  if (!students.value?.some((one) => one.email === studentEmail)) return void loadStudents();
  students.value = inOrder(students.value.map((one) => (one.email === studentEmail ? { ...one, room, isLearning, updatedAt, online: true } : one)));
}

/** @param {Student[]} some @returns {Student[]} those who practise first, those who are away last */
function inOrder(some) {
  const rank = (/** @type {Student} */ one) => ORDER.indexOf(doingOf(one));
  return [...some].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

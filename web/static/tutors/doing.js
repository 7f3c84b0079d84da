// What a student does just now, for their tutors.
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { account } from "../api/session.js";

const LONGEST = 200;

/**
 * Tell a student's tutors; of anybody else nothing is told.
 * @param {{ room: string, isLearning: boolean }} doing
 * @returns {() => void} tells that it is over
 */
export function showDoing({ room, isLearning }) {
  if (account.peek()?.role !== "student") return () => {};
  const tell = (/** @type {Wire.ShowStatus} */ body) => void api.showStudentStatus(call, { body }).catch(() => {});
  tell({ room: room.slice(0, LONGEST), isLearning });
  return () => tell({ isLearning: false });
}

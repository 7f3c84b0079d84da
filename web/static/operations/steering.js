// Telling a worker something, and why it does not do it.
import { Problem, sentence } from "../api/problem.js";
import { named, t } from "../words/words.js";

/** @param {unknown} failure @returns {string} why a worker does not do what it was told */
export function refusal(failure) {
  if (!(failure instanceof Problem)) return sentence(failure);
  if (failure.code === "CONFLICT") return named("ops.refused", failure.details[0]?.message ?? "", "ops.refused.other");
  return failure.code === "UNAVAILABLE" || failure.code === "OFFLINE" ? t("ops.unanswered") : sentence(failure);
}

// One's own voice in a result: what was just recorded, else what the platform kept.
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem } from "../api/problem.js";
import { soundOfRecording } from "../voice/sounds.js";
import { ownSounds } from "./attempt.js";

/** @param {{ resultId: string }} result @returns {Promise<import("../voice/sounds.js").Sound>} @throws {Problem} where it was not kept */
export function ownSound({ resultId }) {
  const known = ownSounds.get(resultId);
  if (known) return known;
  const loading = kept(api.showResult(call, { path: { resultId } }));
  ownSounds.set(resultId, loading);
  loading.catch(() => ownSounds.delete(resultId));
  return loading;
}

/** @param {Promise<Wire.ResultItemAnswer>} asked for a result @returns {Promise<import("../voice/sounds.js").Sound>} its recording @throws {Problem} */
export async function kept(asked) {
  const { recordingUrl } = await asked;
  const answer = recordingUrl ? await fetch(recordingUrl).catch(() => null) : null;
  if (!answer?.ok) throw new Problem("NOT_FOUND");
  return await soundOfRecording(await answer.blob());
}

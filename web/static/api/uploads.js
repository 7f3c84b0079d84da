// Files straight into the bucket, by an address that the gateway signed.
import { Problem } from "./problem.js";

/**
 * @param {{ url: string, fields?: Record<string, string>, method?: string }} offer
 * @param {Blob} file
 * @throws {Problem}
 */
export async function upload(offer, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(offer.fields ?? {})) form.append(name, value);
  form.append("file", file);
  let answer;
  try {
    answer = await fetch(offer.url, { method: "POST", body: form });
  } catch {
    throw new Problem("OFFLINE");
  }
  if (!answer.ok) throw new Problem(answer.status === 413 || answer.status === 400 ? "PAYLOAD_TOO_LARGE" : "UNAVAILABLE", { status: answer.status });
}

// A form with a large file: its sending is followed, which `fetch` does not tell.
import { language } from "../words/words.js";
import { freshId } from "./client.js";
import { Problem } from "./problem.js";
import { accessToken } from "./tokens.js";

/**
 * @param {string} path
 * @param {FormData} form
 * @param {(share: number) => void} onSent how much of it is sent, 0 to 1
 * @returns {Promise<any>} the answer's fields
 * @throws {Problem}
 */
export async function sendForm(path, form, onSent) {
  const token = await accessToken();
  return await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.responseType = "json";
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Accept-Language", language.value);
    request.setRequestHeader("X-SpeakTracker-Client", "web");
    request.setRequestHeader("Idempotency-Key", freshId());
    request.upload.onprogress = ({ loaded, total }) => onSent(total ? loaded / total : 0);
    request.onerror = () => reject(new Problem("OFFLINE"));
    request.onload = () => {
      const answer = request.response ?? {};
      if (request.status < 300) resolve(answer);
      else reject(new Problem(answer.error ?? "UNAVAILABLE", { ...answer, status: request.status, retryAfter: Number(request.getResponseHeader("Retry-After")) || undefined }));
    };
    request.send(form);
  });
}

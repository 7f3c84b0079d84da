// Files for the person to keep: read with the access token, and given to the browser as a download.
import { file } from "./client.js";

/**
 * @param {string} path
 * @param {string} name what the file is called
 * @param {import("./client.js").Options["query"]} [query]
 * @throws {import("./problem.js").Problem}
 */
export async function download(path, name, query) {
  save(await file(path, { query }), name);
}

/** @param {Blob} content @param {string} name */
export function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

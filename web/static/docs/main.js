// The API's references, drawn from /openapi.json and /asyncapi.json; they ask nobody but this gateway.

import { callOf } from "./calls.js";
import { element, labelled } from "./element.js";
import { channelsOf } from "./frames.js";
import { signingIn } from "./signing-in.js";

/** @param {string} address */
const read = async (address) => (await fetch(address)).json();

const main = /** @type {HTMLElement} */ (document.getElementById("references"));
const [api, live] = await Promise.all([read("/openapi.json"), read("/asyncapi.json")]);

/** @param {string} text */
const paragraphs = (text) => text.split("\n\n").map((one) => element("p", {}, one.replaceAll("**", "")));

const search = labelled("Find", { type: "search", placeholder: "rooms, feedback, 409 …" });
search.field.addEventListener("input", () => {
  const wanted = search.field.value.toLowerCase();
  for (const entry of main.querySelectorAll("details[id]")) {
    entry.toggleAttribute("hidden", !entry.textContent?.toLowerCase().includes(wanted));
  }
});

main.replaceChildren(
  element("h2", { id: "http" }, `HTTP, version ${api.info.version}`),
  ...paragraphs(api.info.description),
  signingIn(),
  search.row,
);
const every = Object.entries(api.paths).flatMap(([path, calls]) =>
  Object.entries(calls).map(([method, call]) => ({ path, method, call })),
);
for (const tag of api.tags) {
  const own = every.filter(({ call }) => call.tags[0] === tag.name);
  const entries = own.map(({ path, method, call }) => callOf(api, path, method, call));
  main.append(
    element("section", { id: `tag-${tag.name}` }, element("h3", {}, tag.name), element("p", {}, tag.description), ...entries),
  );
}
main.append(element("h2", { id: "live" }, `Live, version ${live.info.version}`), ...paragraphs(live.info.description), ...channelsOf(live));
document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();

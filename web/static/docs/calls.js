// One operation: what it takes and answers, and a form to try it.

import { element, labelled, pretty } from "./element.js";
import { exampleOf, fieldsOf, typeOf } from "./schemas.js";
import { signedIn } from "./signing-in.js";

/** @typedef {import("./schemas.js").Schema} Schema */

/**
 * @param {Schema} source
 * @param {{ $ref?: string } & Schema} one
 * @param {"parameters" | "responses"} kind
 * @returns {Schema}
 */
const named = (source, one, kind) => (one.$ref ? source.components[kind][one.$ref.split("/").pop() ?? ""] : one);

/**
 * @param {Schema} source
 * @param {string} path
 * @param {string} method
 * @param {Schema} call
 * @returns {HTMLElement}
 */
export const callOf = (source, path, method, call) => {
  const parameters = (call.parameters ?? []).map((/** @type {Schema} */ one) => named(source, one, "parameters"));
  const entry = element(
    "details",
    { id: call.operationId },
    element("summary", {}, element("b", {}, method.toUpperCase()), ` ${path} `, element("span", {}, call.summary)),
    ...String(call.description).split("\n\n").map((text) => element("p", {}, text)),
  );
  entry.addEventListener("toggle", () => fill(entry, source, path, method, call, parameters), { once: true });
  return entry;
};

/**
 * @param {HTMLElement} entry
 * @param {Schema} source
 * @param {string} path
 * @param {string} method
 * @param {Schema} call
 * @param {Schema[]} parameters
 */
const fill = (entry, source, path, method, call, parameters) => {
  if (parameters.length) entry.append(element("h4", {}, "Parameters"), parameterList(parameters));
  for (const [media, body] of Object.entries(call.requestBody?.content ?? {})) {
    entry.append(element("h4", {}, `Body, ${media}`), fieldsOf(source, body.schema));
  }
  for (const [status, response] of Object.entries(call.responses)) entry.append(answerOf(source, status, response));
  entry.append(trial(source, path, method, call, parameters));
};

/** @param {Schema[]} parameters */
const parameterList = (parameters) => {
  const list = element("ul", { class: "fields" });
  for (const one of parameters) {
    const text = `${one.name}${one.required ? "" : "?"}: ${typeOf(one.schema)}`;
    list.append(element("li", {}, element("code", {}, text), ` in the ${one.in}. `, one.description ?? ""));
  }
  return list;
};

/**
 * @param {Schema} source
 * @param {string} status
 * @param {Schema} response
 */
const answerOf = (source, status, response) => {
  const { description, content = {} } = named(source, response, "responses");
  const shown = element("details", { class: "answer" }, element("summary", {}, element("b", {}, status), ` ${description}`));
  for (const [media, body] of Object.entries(content)) {
    const ways = body.schema.anyOf ?? [body.schema];
    shown.append(element("p", {}, media), ...ways.map((/** @type {Schema} */ one) => fieldsOf(source, one)), ...examplesOf(body));
  }
  return shown;
};

/** @param {Schema} parameter @returns {Record<string, string>} */
const fieldOf = ({ required, example }) => ({ ...(required ? { required: "" } : {}), ...(example ? { placeholder: example } : {}) });

/** @param {Schema} body @returns {HTMLElement[]} what such an answer looks like */
const examplesOf = ({ example, examples = {} }) => {
  const found = example === undefined ? Object.values(examples).map((one) => one.value) : [example];
  return found.map((one) => element("pre", { class: "example" }, typeof one === "string" ? one : pretty(one)));
};

/**
 * @param {Schema} source
 * @param {string} path
 * @param {string} method
 * @param {Schema} call
 * @param {Schema[]} parameters
 */
const trial = (source, path, method, call, parameters) => {
  const fields = parameters.map((one) => ({ one, ...labelled(one.name, fieldOf(one)) }));
  const taken = call.requestBody?.content?.["application/json"];
  const schema = taken?.schema;
  const body = /** @type {HTMLTextAreaElement} */ (element("textarea", { rows: "6", spellcheck: "false", "aria-label": "Body" }));
  if (schema) body.value = pretty(taken.example ?? exampleOf(source, schema));
  const said = element("pre", { "aria-live": "polite" });
  const form = element("form", { class: "trial" }, ...fields.map((one) => one.row), schema && body, element("button", {}, "Try it"), said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = await tried(path, method, fields, schema ? body.value : null);
  });
  return form;
};

/**
 * @param {string} path
 * @param {string} method
 * @param {{ one: Schema, field: HTMLInputElement }[]} fields
 * @param {string | null} body
 */
const tried = async (path, method, fields, body) => {
  const query = new URLSearchParams();
  const headers = new Headers(signedIn.token ? { Authorization: `Bearer ${signedIn.token}` } : {});
  let address = path;
  for (const { one, field } of fields.filter(({ field }) => field.value)) {
    if (one.in === "path") address = address.replace(`{${one.name}}`, encodeURIComponent(field.value));
    if (one.in === "query") query.set(one.name, field.value);
    if (one.in === "header") headers.set(one.name, field.value);
  }
  if (body !== null) headers.set("Content-Type", "application/json");
  try {
    const answer = await fetch(`${address}${query.size ? `?${query}` : ""}`, { method: method.toUpperCase(), headers, body });
    const text = await answer.text();
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    return `${answer.status} ${answer.statusText}\n\n${isJson ? pretty(JSON.parse(text)) : text.slice(0, 5000)}`;
  } catch (problem) {
    return String(problem);
  }
};

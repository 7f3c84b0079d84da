// Schemas as lists of fields, with what each may be; and an example that fits one.

import { element } from "./element.js";

/** @typedef {Record<string, any>} Schema */

/**
 * @param {Schema} source the whole document
 * @param {Schema} schema
 * @returns {Schema}
 */
export const resolved = (source, schema) => {
  let found = schema ?? {};
  while (found.$ref) found = source.components.schemas[found.$ref.split("/").pop()] ?? {};
  return found;
};

/**
 * @param {Schema} schema
 * @returns {string}
 */
export const typeOf = (schema) => {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((/** @type {unknown} */ one) => JSON.stringify(one)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.type === "array") return `${typeOf(schema.items ?? {})}[]`;
  return schema.type ?? "anything";
};

/** @param {Schema} schema */
const bounds = (schema) => {
  const words = /** @type {[string, string][]} */ ([
    ["minLength", "from %, characters"],
    ["maxLength", "to % characters"],
    ["minimum", "from %"],
    ["maximum", "to %"],
    ["format", "%"],
    ["pattern", "as %"],
    ["default", "else %"],
  ]);
  return words.filter(([name]) => schema[name] !== undefined).map(([name, text]) => text.replace("%", String(schema[name])));
};

/**
 * @param {Schema} source
 * @param {Schema} schema
 * @param {number} [depth]
 * @returns {HTMLElement}
 */
export const fieldsOf = (source, schema, depth = 0) => {
  const { properties = {}, required = [] } = resolved(source, schema);
  const list = element("ul", { class: "fields" });
  for (const [name, field] of Object.entries(properties)) {
    const inner = resolved(source, field.type === "array" ? field.items : field);
    const mark = required.includes(name) ? "" : "?";
    const row = element("li", {}, element("code", {}, `${name}${mark}: ${typeOf(field)}`), " ", bounds(field).join(", "));
    if (field.description) row.append(element("p", {}, field.description));
    if (inner.properties && depth < 4) row.append(fieldsOf(source, inner, depth + 1));
    list.append(row);
  }
  return list;
};

/**
 * @param {Schema} source
 * @param {Schema} schema
 * @param {number} [depth]
 * @returns {any}
 */
export const exampleOf = (source, schema, depth = 0) => {
  const found = resolved(source, schema);
  if (found.example !== undefined) return found.example;
  if (found.default !== undefined) return found.default;
  if (found.const !== undefined) return found.const;
  if (found.enum) return found.enum[0];
  if (found.anyOf) return exampleOf(source, found.anyOf[0], depth + 1);
  if (found.type === "object" && depth < 4) {
    const needed = Object.entries(found.properties ?? {}).filter(([name]) => (found.required ?? []).includes(name));
    return Object.fromEntries(needed.map(([name, field]) => [name, exampleOf(source, field, depth + 1)]));
  }
  const simple = /** @type {Record<string, unknown>} */ ({ string: "", integer: found.minimum ?? 0, number: found.minimum ?? 0, boolean: false, array: [] });
  return simple[found.type] ?? null;
};

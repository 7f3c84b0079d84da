// Renders /openapi.json: one section a tag, one entry a call. Text only, never markup from the document.
const element = (name, text, parent) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  parent.append(made);
  return made;
};

const resolve = (document_, schema) => {
  const name = schema?.$ref?.split("/").pop();
  return name ? { name, ...document_.components.schemas[name] } : schema ?? {};
};

const typeOf = (property) => property.type ?? property.$ref?.split("/").pop() ?? (property.anyOf ?? []).map(typeOf).join(" | ") ?? "";

const showFields = (document_, schema, parent) => {
  const { properties = {}, required = [] } = resolve(document_, schema);
  const list = element("ul", "", parent);
  for (const [name, property] of Object.entries(properties)) {
    element("li", `${name}${required.includes(name) ? "" : "?"}: ${typeOf(property)}`, list);
  }
};

const show = async () => {
  const main = document.getElementById("docs");
  const document_ = await (await fetch("/openapi.json")).json();
  const tags = new Map();
  for (const [path, calls] of Object.entries(document_.paths)) {
    for (const [method, call] of Object.entries(calls)) {
      const tag = call.tags?.[0] ?? "other";
      tags.set(tag, [...(tags.get(tag) ?? []), { path, method, call }]);
    }
  }
  for (const [tag, calls] of tags) {
    element("h2", tag, main);
    for (const { path, method, call } of calls) {
      const entry = element("details", "", main);
      element("summary", `${method.toUpperCase()} ${path}: ${call.summary ?? ""}`, entry);
      for (const parameter of call.parameters ?? []) element("p", `${parameter.in} ${parameter.name}: ${typeOf(parameter.schema)}`, entry);
      const body = call.requestBody?.content?.["application/json"]?.schema;
      if (body) showFields(document_, body, entry);
    }
  }
};

show();

// Renders /openapi.json and /asyncapi.json: one section a tag or channel, one entry a call or frame.
// Text only, never markup from the documents.
const element = (name, text, parent) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  parent.append(made);
  return made;
};

const resolve = (source, schema) => {
  const name = schema?.$ref?.split("/").pop();
  return name ? source.components.schemas[name] : schema ?? {};
};

const typeOf = (property) =>
  property?.const ?? property?.type ?? property?.$ref?.split("/").pop() ?? (property?.anyOf ?? []).map(typeOf).join(" | ");

const showFields = (source, schema, parent) => {
  const { properties = {}, required = [] } = resolve(source, schema);
  const list = element("ul", "", parent);
  for (const [name, property] of Object.entries(properties)) {
    element("li", `${name}${required.includes(name) ? "" : "?"}: ${typeOf(property)}`, list);
  }
};

const showCall = (source, main, { path, method, call }) => {
  const entry = element("details", "", main);
  element("summary", `${method.toUpperCase()} ${path}: ${call.summary ?? ""}`, entry);
  for (const parameter of call.parameters ?? []) {
    element("p", `${parameter.in} ${parameter.name}: ${typeOf(parameter.schema)}`, entry);
  }
  const body = call.requestBody?.content?.["application/json"]?.schema;
  if (body) showFields(source, body, entry);
};

const showRest = async (main) => {
  const source = await (await fetch("/openapi.json")).json();
  const tags = new Map();
  for (const [path, calls] of Object.entries(source.paths)) {
    for (const [method, call] of Object.entries(calls)) {
      const tag = call.tags?.[0] ?? "other";
      tags.set(tag, [...(tags.get(tag) ?? []), { path, method, call }]);
    }
  }
  for (const [tag, calls] of tags) {
    element("h2", tag, main);
    for (const call of calls) showCall(source, main, call);
  }
};

const showFrames = async (main) => {
  const source = await (await fetch("/asyncapi.json")).json();
  for (const [name, operation] of Object.entries(source.operations)) {
    element("h2", `/ws, ${name.replace("_", ", ")}`, main);
    for (const reference of operation.messages) {
      const message = source.components.messages[reference.$ref.split("/").pop()];
      const entry = element("details", "", main);
      element("summary", `${message.name}: ${message.summary}`, entry);
      showFields(source, message.payload, entry);
    }
  }
};

const main = document.getElementById("docs");
await showRest(main);
await showFrames(main);

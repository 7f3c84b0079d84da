// Elements with text, never markup: nothing of a document or an answer is taken as such.

/**
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  for (const child of children) if (child) made.append(child);
  return made;
};

/**
 * @param {string} label
 * @param {Record<string, string>} attributes
 * @returns {{ field: HTMLInputElement, row: HTMLElement }}
 */
export const labelled = (label, attributes) => {
  const field = /** @type {HTMLInputElement} */ (element("input", attributes));
  return { field, row: element("label", {}, element("span", {}, label), field) };
};

/** @param {unknown} value */
export const pretty = (value) => JSON.stringify(value, null, 2);

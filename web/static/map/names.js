// Names upon the map: in one line or two, within what is seen, and never one over another.

/** @typedef {{ name: string, clusterId: string, x: number, y: number, colour: number }} Named in the map's own places */
/** @typedef {{ x: number, y: number, width: number, height: number, lines: string[] }} Placed the middle, in pixels */

const LONG = 22;
const LEADING = 1.25;
const MARGIN = 10;

/** @param {string} name @returns {string[]} a long name is broken where its words allow it, nearest to the middle */
export function linesOf(name) {
  if (name.length <= LONG) return [name];
  const middle = name.length / 2;
  const breaks = [...name.matchAll(/\s+/gu)].map((one) => one.index);
  if (!breaks.length) return [name];
  const at = breaks.reduce((best, one) => (Math.abs(one - middle) < Math.abs(best - middle) ? one : best));
  return [name.slice(0, at), name.slice(at).trim()];
}

/**
 * @param {CanvasRenderingContext2D} context with its font
 * @param {{ name: string, x: number, y: number }} one the point that it names, in pixels
 * @param {number} size of the font
 * @param {{ width: number, height: number }} seen
 * @returns {Placed}
 */
export function placed(context, { name, x, y }, size, seen) {
  const lines = linesOf(name);
  const width = Math.max(...lines.map((line) => context.measureText(line).width));
  const height = lines.length * size * LEADING;
  const most = Math.max(MARGIN + width / 2, seen.width - MARGIN - width / 2);
  return { x: Math.min(most, Math.max(MARGIN + width / 2, x)), y: Math.min(seen.height - height / 2, Math.max(height / 2, y)), width, height, lines };
}

/** @param {Placed} one @param {Placed} other @returns {boolean} */
export function overlap(one, other) {
  return Math.abs(one.y - other.y) < (one.height + other.height) / 2 && Math.abs(one.x - other.x) < (one.width + other.width) / 2 + 8;
}

/**
 * Write words with a halo in the colour of the page.
 * @param {CanvasRenderingContext2D} context @param {string} text @param {number} x of the middle @param {number} y of the line
 * @param {string} halo @param {string} colour
 */
export function written(context, text, x, y, halo, colour) {
  context.textAlign = "center";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = halo;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
  context.textAlign = "left";
}

/** @param {CanvasRenderingContext2D} context @param {Placed} one @param {number} size @param {string} halo @param {string} colour */
export function writtenLines(context, one, size, halo, colour) {
  const top = one.y - one.height / 2 + size;
  one.lines.forEach((line, index) => written(context, line, one.x, top + index * size * LEADING, halo, colour));
}

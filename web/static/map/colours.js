// The colours of a map, as the theme has them; a cluster keeps its colour as long as it lives.
const CLUSTERS = ["--accent", "--plum", "--ok", "--warn", "--teal", "--extra"];

/** @param {string} name @returns {string} */
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @typedef {{ clusters: string[], ink: string, paler: string, surface: string, line: string, link: string }} Colours */

const LINK = 0.3;

/** @returns {Colours} */
export function coloursNow() {
  const [paler, surface] = [token("--ink-2"), token("--surface")];
  return { clusters: CLUSTERS.map(token), ink: token("--ink"), paler, surface, line: token("--line"), link: mixed(paler, surface, LINK) };
}

/** @param {string} colour `#rrggbb` or `#rgb` @returns {number[]} red, green, blue */
function channels(colour) {
  const digits = colour.slice(1);
  const long = digits.length === 3 ? [...digits].map((one) => one + one).join("") : digits;
  return [0, 2, 4].map((at) => parseInt(long.slice(at, at + 2), 16));
}

/** @param {string} one @param {string} other @param {number} share of the first @returns {string} */
function mixed(one, other, share) {
  const [a, b] = [channels(one), channels(other)];
  return `#${a.map((channel, at) => Math.round(channel * share + (b[at] ?? 0) * (1 - share)).toString(16).padStart(2, "0")).join("")}`;
}

/** @param {string} clusterId @returns {number} which of the colours a cluster has: ids are never used again */
export function colourIndex(clusterId) {
  const number = Number(clusterId.replace(/\D+/gu, ""));
  return (Number.isFinite(number) ? number : 0) % CLUSTERS.length;
}

/** @param {() => void} changed @returns {() => void} ends it */
export function onThemeChange(changed) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const watch = new MutationObserver(changed);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  dark.addEventListener("change", changed);
  return () => {
    watch.disconnect();
    dark.removeEventListener("change", changed);
  };
}

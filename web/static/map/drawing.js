// The map drawn by sigma: nodes by importance, names that change with the zoom, links of the chosen node in ink.
import Graph from "graphology";
import Sigma from "sigma";
import { colourIndex, coloursNow, onThemeChange } from "./colours.js";
import { titleOf } from "./atlas.js";
import { overlap, placed, writtenLines, written } from "./names.js";

/** @typedef {import("./atlas.js").Atlas} Atlas */

const FAR = 0.75;
const MIDDLE = 0.34;
const NEAR = 0.3;
const MOST_RATIO = 1.6;
const MS = 200;
const SERIF = 'Charter, "Charis SIL", "Iowan Old Style", Georgia, "Noto Serif", serif';
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

export class Drawing {
  /** @param {HTMLElement} box @param {Atlas} atlas @param {(id: number | null) => void} choose @throws {Error} where the browser draws no WebGL */
  constructor(box, atlas, choose) {
    this.atlas = atlas;
    this.colours = coloursNow();
    this.graph = graphOf(atlas);
    this.hovered = "";
    /** @type {ReturnType<typeof placesOf> | null} */
    this.kept = null;
    this.sigma = new Sigma(this.graph, box, {
      renderEdgeLabels: false,
      hideEdgesOnMove: atlas.data.edges.length > 20_000,
      labelFont: SERIF,
      labelSize: 15,
      labelDensity: 0.7,
      labelGridCellSize: 110,
      labelRenderedSizeThreshold: 4,
      stagePadding: 40,
      minCameraRatio: 0.01,
      maxCameraRatio: MOST_RATIO,
      zIndex: true,
      nodeReducer: (id, data) => this.node(id, data),
      edgeReducer: (id, data) => this.edge(id, data),
      defaultDrawNodeLabel: (context, data) => this.label(context, data),
      defaultDrawNodeHover: (context, data) => this.label(context, { ...data, isStrong: true }),
    });
    this.names = this.sigma.createCanvasContext("names").getCanvases().names;
    this.sigma.on("clickNode", ({ node }) => choose(Number(node)));
    this.sigma.on("clickStage", () => choose(null));
    this.sigma.on("enterNode", ({ node }) => this.hover(node));
    this.sigma.on("leaveNode", () => this.hover(""));
    this.sigma.on("afterRender", () => this.drawNames());
    this.sigma.on("resize", () => this.sizeNames());
    this.sizeNames();
    this.unwatch = onThemeChange(() => this.repaint());
  }

  close() {
    this.unwatch();
    this.sigma.kill();
  }

  /** Draw what is looked at now. */
  refresh() {
    this.sigma.refresh({ skipIndexation: true });
  }

  repaint() {
    this.colours = coloursNow();
    this.refresh();
  }

  /** @param {string} id */
  hover(id) {
    this.hovered = id;
    this.refresh();
  }

  /** Sigma draws once while it is made. */
  get ratio() {
    return this.sigma?.getCamera().getState().ratio ?? 1;
  }

  /** @param {string} id @param {any} data */
  node(id, data) {
    const { atlas, colours } = this;
    const number = Number(id);
    if (!atlas.visible.value.has(number)) return { ...data, hidden: true };
    const picked = atlas.picked.value;
    const isChosen = atlas.chosen.value === number;
    const isFaint = picked ? !picked.has(number) : false;
    const colour = colours.clusters[data.colour] ?? colours.ink;
    return { ...data, color: isFaint ? colours.line : colour, label: isFaint ? "" : data.title, isStrong: isChosen, forceLabel: isChosen || Boolean(picked && !isFaint && picked.size <= 30), size: isChosen ? data.size * 1.35 : data.size, zIndex: isChosen ? 2 : isFaint ? 0 : 1, highlighted: isChosen };
  }

  /** @param {string} id @param {any} data */
  edge(id, data) {
    const { atlas, colours } = this;
    const [from, to] = this.graph.extremities(id).map(Number);
    const chosen = atlas.chosen.value ?? (this.hovered ? Number(this.hovered) : null);
    const isOwn = chosen !== null && (from === chosen || to === chosen);
    const isVisible = atlas.visible.value.has(/** @type {number} */ (from)) && atlas.visible.value.has(/** @type {number} */ (to));
    if (!isVisible || (!isOwn && this.graph.order > 1_500 && this.ratio > FAR && data.weight < 0.5)) return { ...data, hidden: true };
    return { ...data, color: isOwn ? colours.ink : colours.link, size: isOwn ? 1.6 : 0.6, zIndex: isOwn ? 1 : 0 };
  }

  /** A name below its node, with a halo in the colour of the page. @param {CanvasRenderingContext2D} context @param {any} data */
  label(context, data) {
    if (!data.label || (this.ratio > FAR && !data.forceLabel && !data.isStrong)) return;
    const size = data.isStrong ? 19 : 15;
    const text = data.label.length > 42 ? `${data.label.slice(0, 40)}…` : data.label;
    context.font = `${data.isStrong ? 700 : 400} ${size}px ${SERIF}`;
    const y = data.y + data.size + size + (data.isStrong ? 6 : 0);
    if (data.isStrong) {
      this.ring(context, data);
      this.well(context, text, data.x, y, size);
    }
    written(context, text, data.x, y, this.colours.surface, data.isStrong ? this.colours.ink : this.colours.paler);
  }

  /** @param {CanvasRenderingContext2D} context @param {any} data */
  ring(context, data) {
    context.beginPath();
    context.arc(data.x, data.y, data.size + 5, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = this.colours.ink;
    context.stroke();
  }

  /** What lies under the name of the chosen node does not shine through. @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {number} size */
  well(context, text, x, y, size) {
    const width = context.measureText(text).width + 10;
    context.globalAlpha = 0.88;
    context.fillStyle = this.colours.surface;
    context.fillRect(x - width / 2, y - size, width, size * 1.35);
    context.globalAlpha = 1;
  }

  sizeNames() {
    const { width, height } = this.sigma.getDimensions();
    const scale = devicePixelRatio || 1;
    const canvas = /** @type {HTMLCanvasElement} */ (this.names);
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.style.pointerEvents = "none";
    canvas.getContext("2d")?.setTransform(scale, 0, 0, scale, 0, 0);
  }

  /** Far away the names are those of groups, nearer those of their parts; near, the nodes' own. */
  drawNames() {
    const canvas = /** @type {HTMLCanvasElement} */ (this.names);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const { width, height } = this.sigma.getDimensions();
    context.clearRect(0, 0, width, height);
    const shown = this.ratio > FAR ? this.places.clusters : this.ratio > MIDDLE ? this.places.parts : [];
    const size = this.ratio > FAR ? 19 : 16;
    context.font = `600 ${size}px ${getComputedStyle(document.body).fontFamily}`;
    /** @type {import("./names.js").Placed[]} */
    const taken = [];
    for (const one of shown) {
      if (this.atlas.filters.value.hidden.has(one.clusterId)) continue;
      const { x, y } = this.sigma.graphToViewport(one);
      if (x < 0 || y < 0 || x > width || y > height) continue;
      const name = placed(context, { name: one.name, x, y }, size, { width, height });
      if (taken.some((other) => overlap(name, other))) continue;
      taken.push(name);
      writtenLines(context, name, size, this.colours.surface, this.colours.clusters[one.colour] ?? this.colours.ink);
    }
  }

  /** Where groups and their parts have their names: the largest first. */
  get places() {
    this.kept ??= placesOf(this.atlas);
    return this.kept;
  }

  /** @param {number} step above 1 nearer, below farther */
  zoom(step) {
    const camera = this.sigma.getCamera();
    this.move({ ...camera.getState(), ratio: Math.min(MOST_RATIO, Math.max(0.01, camera.getState().ratio / step)) });
  }

  /** @param {number} x @param {number} y in widths and heights of what is seen */
  pan(x, y) {
    const state = this.sigma.getCamera().getState();
    this.move({ ...state, x: state.x + x * state.ratio, y: state.y - y * state.ratio });
  }

  /** @param {number} id look at a node, and as many of those that it is joined with as are near */
  show(id) {
    const place = this.sigma.getNodeDisplayData(String(id));
    if (!place) return;
    const near = (this.atlas.neighbours.get(id) ?? []).flatMap(({ node }) => this.sigma.getNodeDisplayData(String(node.id)) ?? []);
    const span = 2.4 * Math.max(0, ...near.map((one) => Math.max(Math.abs(one.x - place.x), Math.abs(one.y - place.y))));
    const state = { ...this.sigma.getCamera().getState(), x: place.x, y: place.y, ratio: Math.min(this.ratio, Math.max(NEAR, Math.min(FAR - 0.05, span))) };
    const hidden = this.covered() / 2;
    const [middle, lower] = [0, hidden].map((y) => this.sigma.viewportToFramedGraph({ x: 0, y }, { cameraState: state }));
    this.move({ ...state, y: state.y + (lower?.y ?? 0) - (middle?.y ?? 0) });
  }

  /** @returns {number} pixels of the canvas, from below, that a sheet lies over: on a phone */
  covered() {
    const sheet = document.querySelector(".map-side.open");
    if (!sheet || getComputedStyle(sheet).position !== "fixed") return 0;
    const [box, over] = [this.sigma.getContainer().getBoundingClientRect(), sheet.getBoundingClientRect()];
    return over.width < box.width ? 0 : Math.max(0, Math.min(box.height, box.bottom - over.top));
  }

  /** @param {string[]} ids look at some nodes together */
  showAll(ids) {
    const places = ids.flatMap((id) => this.sigma.getNodeDisplayData(id) ?? []);
    if (!places.length) return;
    const [xs, ys] = [places.map((one) => one.x), places.map((one) => one.y)];
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    this.move({ x: (left + right) / 2, y: (low + high) / 2, ratio: Math.min(1, Math.max(0.12, 1.25 * Math.max(right - left, high - low))), angle: 0 });
  }

  /** @param {{ x: number, y: number, ratio: number, angle: number }} state */
  move(state) {
    const camera = this.sigma.getCamera();
    if (isCalm.matches) camera.setState(state);
    else void camera.animate(state, { duration: MS });
  }

  /** @param {{ x: number, y: number }[]} line a closed line in pixels of the box @returns {number[]} the visible nodes within */
  within(line) {
    return this.atlas.data.nodes.filter((one) => this.atlas.visible.value.has(one.id) && isInside(this.sigma.graphToViewport(one), line)).map((one) => one.id);
  }
}

/** @param {Atlas} atlas */
function graphOf(atlas) {
  const graph = new Graph({ type: "undirected", multi: true });
  for (const node of atlas.data.nodes) {
    const degree = atlas.neighbours.get(node.id)?.length ?? 0;
    graph.addNode(String(node.id), { x: node.x, y: node.y, size: 3 + Math.min(8, 1.3 * Math.sqrt(degree + (node.count ?? 0))), colour: colourIndex(node.clusterId), title: titleOf(node), label: titleOf(node) });
  }
  for (const edge of atlas.data.edges) {
    if (atlas.nodes.has(edge.source) && atlas.nodes.has(edge.target)) graph.addEdge(String(edge.source), String(edge.target), { weight: edge.weight, size: 0.6 });
  }
  return graph;
}

/** @param {Atlas} atlas */
function placesOf(atlas) {
  const { clusters, subclusters } = atlas.data.graph;
  const middle = (/** @type {(one: import("./types.js").MapNode) => boolean} */ belongs) => {
    const some = atlas.data.nodes.filter(belongs);
    return { x: some.reduce((sum, one) => sum + one.x, 0) / Math.max(1, some.length), y: some.reduce((sum, one) => sum + one.y, 0) / Math.max(1, some.length) };
  };
  const bySize = (/** @type {{ size: number }} */ a, /** @type {{ size: number }} */ b) => b.size - a.size;
  return {
    clusters: [...clusters].sort(bySize).map((one) => ({ name: one.name, clusterId: one.id, colour: colourIndex(one.id), ...(one.x === undefined || one.y === undefined ? middle((node) => node.clusterId === one.id) : { x: one.x, y: one.y }) })),
    parts: [...subclusters].sort(bySize).map((one) => ({ name: one.name, clusterId: one.clusterId, colour: colourIndex(one.clusterId), ...middle((node) => node.subclusterId === one.id) })),
  };
}

/** @param {{ x: number, y: number }} point @param {{ x: number, y: number }[]} line */
function isInside({ x, y }, line) {
  let inside = false;
  for (let at = 0, before = line.length - 1; at < line.length; before = at++) {
    const [one, other] = [/** @type {{ x: number, y: number }} */ (line[at]), /** @type {{ x: number, y: number }} */ (line[before])];
    if (one.y > y !== other.y > y && x < ((other.x - one.x) * (y - one.y)) / (other.y - one.y) + one.x) inside = !inside;
  }
  return inside;
}

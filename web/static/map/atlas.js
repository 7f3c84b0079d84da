// One map, and what of it is looked at: filters, a search, a chosen node, a part that was drawn around.
import { batch, computed, signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { finished } from "../live/jobs.js";

/** @typedef {import("./types.js").MapData} MapData */
/** @typedef {import("./types.js").MapNode} MapNode */
/** @typedef {import("./types.js").MapEdge} MapEdge */
/** @typedef {{ node: MapNode, edge: MapEdge }} Neighbour */
/** @typedef {{ hidden: ReadonlySet<string>, language: string, from: string, to: string, isNewOnly: boolean, isOutlierOnly: boolean }} Filters dates are days, YYYY-MM-DD */

const NEAREST = 20;
/** @type {Filters} */
export const ALL = { hidden: new Set(), language: "", from: "", to: "", isNewOnly: false, isOutlierOnly: false };

/** @param {MapNode} node @returns {string} what a node is called */
export function titleOf(node) {
  return (node.kind === "phrase" ? node.better : node.title) || node.keywords?.map((one) => one.term).join(", ") || `#${node.id}`;
}

export class Atlas {
  /** @param {MapData} data */
  constructor(data) {
    this.data = data;
    this.nodes = new Map(data.nodes.map((one) => [one.id, one]));
    this.clusters = new Map(data.graph.clusters.map((one) => [one.id, one]));
    this.texts = new Map(data.nodes.map((one) => [one.id, textOf(one)]));
    /** @type {Map<number, Neighbour[]>} the most strongly joined first */
    this.neighbours = new Map();
    for (const edge of data.edges) this.join(edge);
    for (const some of this.neighbours.values()) some.sort((a, b) => b.edge.weight - a.edge.weight);
    this.filters = signal(ALL);
    this.search = signal("");
    /** What means most nearly what was searched for, nearest first; null where that was not asked. @type {import("@preact/signals").Signal<number[] | null>} */
    this.nearest = signal(null);
    this.chosen = signal(/** @type {number | null} */ (null));
    this.around = signal(/** @type {ReadonlySet<number> | null} */ (null));
    this.visible = computed(() => new Set(data.nodes.filter((one) => passes(one, this.filters.value)).map((one) => one.id)));
    /** What a search or a drawn line picks out; null where nothing is picked. */
    this.picked = computed(() => this.pick());
  }

  /** @param {MapEdge} edge */
  join(edge) {
    for (const [one, other] of [[edge.source, edge.target], [edge.target, edge.source]]) {
      const node = this.nodes.get(/** @type {number} */ (other));
      if (!node || one === undefined) continue;
      const known = this.neighbours.get(one) ?? [];
      known.push({ node, edge });
      this.neighbours.set(one, known);
    }
  }

  /** @returns {ReadonlySet<number> | null} */
  pick() {
    if (this.around.value) return this.around.value;
    if (this.nearest.value) return new Set(this.nearest.value);
    const wanted = this.search.value.trim().toLowerCase();
    if (!wanted) return null;
    return new Set(this.data.nodes.filter((one) => this.texts.get(one.id)?.includes(wanted)).map((one) => one.id));
  }

  /** @returns {MapNode[]} what is shown in the list: filtered, picked, nearest first where meaning was asked for */
  listed() {
    const picked = this.picked.value;
    const shown = this.data.nodes.filter((one) => this.visible.value.has(one.id) && (!picked || picked.has(one.id)));
    const order = this.nearest.value;
    return order && !this.around.value ? shown.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)) : shown;
  }

  /** @param {string} text */
  seek(text) {
    batch(() => {
      this.search.value = text;
      this.nearest.value = null;
      this.around.value = null;
    });
  }

  /** Search by meaning. @throws {import("../api/problem.js").Problem} */
  async seekMeaning() {
    const near = this.search.value.trim();
    if (!near) return;
    const answer = await api.showGraph(call, { path: { graphId: this.data.graphId }, query: { near, limit: NEAREST } });
    const { nodes } = "jobId" in answer ? await finished(answer.jobId) : answer;
    if (near === this.search.value.trim()) this.nearest.value = nodes.map((/** @type {any} */ one) => one.id);
  }

  /** @param {Partial<Filters>} change */
  filter(change) {
    this.filters.value = { ...this.filters.value, ...change };
  }

  /** @param {string} clusterId */
  toggle(clusterId) {
    const hidden = new Set(this.filters.value.hidden);
    if (!hidden.delete(clusterId)) hidden.add(clusterId);
    this.filter({ hidden });
  }
}

/** @param {MapNode} one @returns {string} what words are searched in */
function textOf(one) {
  return [one.title, one.said, one.better, ...(one.keywords ?? []).map(({ term }) => term)].filter(Boolean).join(" ").toLowerCase();
}

/** @param {MapNode} one @param {Filters} filters */
function passes(one, filters) {
  if (filters.hidden.has(one.clusterId)) return false;
  if (filters.language && one.language !== filters.language) return false;
  if (filters.isNewOnly && !one.isNew) return false;
  if (filters.isOutlierOnly && !one.outlier) return false;
  if (!filters.from && !filters.to) return true;
  const day = one.timestamp?.slice(0, 10);
  return Boolean(day && (!filters.from || day >= filters.from) && (!filters.to || day <= filters.to));
}

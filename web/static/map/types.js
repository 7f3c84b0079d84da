// A map as the gateway sends it (docs/schemas/graph.json): types only.

/**
 * @typedef {object} MapNode
 * @property {number} id kept from map to map
 * @property {string} origId
 * @property {"conversation" | "phrase"} kind
 * @property {string | null} [title]
 * @property {string} clusterId
 * @property {string | null} [subclusterId]
 * @property {boolean} [outlier]
 * @property {{ term: string, score: number }[]} [keywords]
 * @property {string | null} [timestamp]
 * @property {"en" | "ko" | ""} language
 * @property {number} [messages]
 * @property {number} x
 * @property {number} y
 * @property {boolean} [isNew]
 * @property {string} [said]
 * @property {string} [better]
 * @property {string | null} [why]
 * @property {number} [count]
 */

/**
 * @typedef {object} MapEdge
 * @property {number} source
 * @property {number} target
 * @property {number} weight from 0 to 1
 * @property {"hard" | "insight" | "phrase"} type
 * @property {string[]} [shared] the rarest words that both use
 * @property {string[]} [quotes] a sentence of each
 */

/** @typedef {{ id: string, name: string, description?: string | null, size: number, x?: number, y?: number, r?: number }} Cluster */
/** @typedef {{ id: string, clusterId: string, name: string, size: number, representativeNodeId?: number }} Subcluster */
/** @typedef {{ graphId: string, name: string, createdAt: string, graph: { clusters: Cluster[], subclusters: Subcluster[] }, nodes: MapNode[], edges: MapEdge[] }} MapData */

/**
 * @typedef {object} MapItem a map in the list of one's maps
 * @property {string} graphId
 * @property {string} jobId
 * @property {string} name
 * @property {"upload" | "me"} source
 * @property {"CREATING" | "READY" | "FAILED" | "CANCELLED"} status
 * @property {number} nodes
 * @property {number} clusters
 * @property {number} newNodes
 * @property {string | null} [reason]
 * @property {string} createdAt
 * @property {string | null} [readyAt]
 */

export {};

// A component that is drawn again only where something that it was given is another thing.
import { Component, h } from "preact";

/**
 * @template {object} G
 * @param {(given: G) => any} Inner
 * @returns {(given: G) => any}
 */
export function memo(Inner) {
  /** @type {any} */
  class Memo extends Component {
    /** @override @param {Record<string, any>} next */
    shouldComponentUpdate(next) {
      const now = /** @type {Record<string, any>} */ (this.props);
      return Object.keys({ ...now, ...next }).some((name) => now[name] !== next[name]);
    }

    /** @override */
    render() {
      return h(/** @type {any} */ (Inner), this.props);
    }
  }
  return /** @type {any} */ (Memo);
}

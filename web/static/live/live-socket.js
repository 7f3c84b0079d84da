// A WebSocket that stays: through sleep, another network, a gateway that restarts. It says how it stands.
import { signal } from "@preact/signals";
import { Problem } from "../api/problem.js";

/** @typedef {{ name: "connecting" | "open" | "waiting" | "parked" | "closed", retryAt: number, code?: number, problem?: Problem }} State */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const CONNECT_MS = 10_000;
const QUIET_MS = 25_000;
const DEAD_MS = 40_000;
const CHECK_MS = 4_000;
const ENDED = new Set([4403, 4404]);
const REPLACED = 4429;
const SIGN_IN_ENDED = 4401;

export class LiveSocket {
  /**
   * @param {{ open: () => Promise<WebSocket>, onFrame: (frame: any) => void, onSignInEnded: () => Promise<unknown> }} given `open`
   *   makes the next socket, with whatever ticket it needs
   */
  constructor({ open, onFrame, onSignInEnded }) {
    this.make = open;
    this.onFrame = onFrame;
    this.onSignInEnded = onSignInEnded;
    /** @type {import("@preact/signals").Signal<State>} */
    this.state = signal({ name: "closed", retryAt: 0 });
    /** @type {WebSocket | null} */
    this.socket = null;
    this.attempts = 0;
    this.heardAt = 0;
    this.timer = 0;
    this.watch = 0;
    this.generation = 0;
    this.wake = this.wake.bind(this);
    this.sleep = this.sleep.bind(this);
  }

  /** Begin; it goes on until `close`. */
  start() {
    addEventListener("online", this.wake);
    addEventListener("offline", this.sleep);
    addEventListener("pageshow", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.watch = window.setInterval(() => this.check(), 5_000);
    void this.connect();
  }

  /** End it for good. */
  close() {
    removeEventListener("online", this.wake);
    removeEventListener("offline", this.sleep);
    removeEventListener("pageshow", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearInterval(this.watch);
    this.drop();
    this.state.value = { name: "closed", retryAt: 0 };
  }

  /** @param {object} frame @returns {boolean} whether it was handed to an open socket */
  send(frame) {
    if (this.state.value.name !== "open" || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Try at once what would be tried later. */
  tryNow() {
    if (this.state.value.name === "waiting" || this.state.value.name === "parked") void this.connect();
  }

  async connect() {
    this.drop();
    const generation = this.generation;
    this.state.value = { name: "connecting", retryAt: 0 };
    this.timer = window.setTimeout(() => this.lost(generation), CONNECT_MS);
    try {
      const socket = await this.make();
      if (generation !== this.generation) return socket.close();
      this.socket = socket;
      socket.onmessage = ({ data }) => this.hear(generation, data);
      socket.onclose = ({ code }) => this.lost(generation, code);
    } catch (problem) {
      if (problem instanceof Problem && !problem.mayPass) this.end(generation, { problem });
      else this.lost(generation, 0, problem instanceof Problem ? problem.retryAfter : undefined);
    }
  }

  /** @param {number} generation @param {string} data */
  hear(generation, data) {
    if (generation !== this.generation) return;
    const frame = JSON.parse(data);
    this.heardAt = Date.now();
    if (frame.action === "pong") return;
    if (frame.action === "connected") {
      clearTimeout(this.timer);
      this.attempts = 0;
      this.state.value = { name: "open", retryAt: 0 };
    }
    this.onFrame(frame);
  }

  /** @param {number} generation @param {number} [code] @param {number} [retryAfter] seconds */
  lost(generation, code = 0, retryAfter) {
    if (generation !== this.generation) return;
    this.drop();
    if (ENDED.has(code)) return this.end(this.generation, { code });
    if (code === REPLACED) {
      this.state.value = { name: "parked", retryAt: 0, code };
      return;
    }
    const renewal = code === SIGN_IN_ENDED ? this.onSignInEnded() : Promise.resolve();
    const isRenewed = renewal.then(() => true, () => false);
    const delay = Math.max(this.delay(), (retryAfter ?? 0) * 1000);
    this.state.value = { name: "waiting", retryAt: Date.now() + delay };
    const next = this.generation;
    this.timer = window.setTimeout(async () => {
      if (!(await isRenewed)) this.end(next, { code });
      else if (next === this.generation) void this.connect();
    }, delay);
  }

  /** @param {number} generation @param {{ code?: number, problem?: Problem }} why */
  end(generation, why) {
    if (generation !== this.generation) return;
    this.drop();
    this.state.value = { name: "closed", retryAt: 0, ...why };
  }

  drop() {
    this.generation += 1;
    clearTimeout(this.timer);
    if (this.socket) {
      this.socket.onmessage = this.socket.onclose = null;
      this.socket.close();
    }
    this.socket = null;
  }

  delay() {
    const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.attempts);
    this.attempts += 1;
    return longest * (0.5 + Math.random() / 2);
  }

  /** Ask whether anybody is there where it has long been quiet, and give up where nobody answered. */
  check() {
    if (this.state.value.name !== "open") return;
    const quiet = Date.now() - this.heardAt;
    if (quiet > DEAD_MS) this.lost(this.generation);
    else if (quiet > QUIET_MS) this.send({ action: "ping" });
  }

  /** The page is looked at again, or the network is back: what was waited for is tried, and an open socket must prove itself. */
  wake() {
    if (document.visibilityState === "hidden") return;
    this.tryNow();
    if (!this.send({ action: "ping" })) return;
    const [asked, generation] = [Date.now(), this.generation];
    setTimeout(() => {
      if (generation === this.generation && this.heardAt < asked) this.lost(generation);
    }, CHECK_MS);
  }

  sleep() {
    if (this.state.value.name === "open" || this.state.value.name === "connecting") this.lost(this.generation);
  }
}

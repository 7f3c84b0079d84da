// One conversation with the partner: what was said, the turn that is under way, and its voice as it comes.
import { batch, signal } from "@preact/signals";
import { call, freshId } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem } from "../api/problem.js";
import { get, put, remove } from "../keep/database.js";
import { channel, onFrame } from "../live/channel.js";
import { SpokenAnswer } from "./spoken-answer.js";

/** @typedef {import("../api/contracts.js").Conversation} Conversation */
/** @typedef {import("../api/contracts.js").Correction} Correction */
/** @typedef {{ requestId: string, message: string, answer: string, correction?: Correction, isStopped?: boolean }} Line an exchange */
/** @typedef {"queued" | "thinking" | "speaking" | "done"} Stage */
/** @typedef {{ requestId: string, message: string, stage: Stage, said: string, isStopped: boolean, failed?: Problem }} Current */

const STAGES = new Set(["queued", "thinking", "speaking"]);

export class Talk {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    /** @type {import("@preact/signals").Signal<Conversation | null>} */
    this.conversation = signal(null);
    /** @type {import("@preact/signals").Signal<Line[]>} */
    this.lines = signal([]);
    /** @type {import("@preact/signals").Signal<Current | null>} */
    this.current = signal(null);
    /** @type {import("@preact/signals").Signal<unknown>} */
    this.problem = signal(null);
    /** @type {import("@preact/signals").Signal<{ kind: string, state: string } | null>} */
    this.budget = signal(null);
    /** @type {SpokenAnswer} */
    this.voice = new SpokenAnswer();
    /** @type {(() => void)[]} */
    this.ends = [];
  }

  async start() {
    this.ends = [
      onFrame("messageDelta", (frame) => this.hear(frame, () => this.grow(frame))),
      onFrame("messageResponse", (frame) => this.hear(frame, () => this.finish(frame))),
      onFrame("job", (frame) => this.job(frame)),
      onFrame("audioReady", (frame) => this.hear(frame, () => this.voice.take(frame))),
      onFrame("budget", (frame) => (this.budget.value = frame)),
      channel.state.subscribe(({ name }) => name === "open" && this.send()),
    ];
    await this.load();
    const kept = await get("drafts", this.keptTurn).catch(() => null);
    if (kept && !this.lines.value.some((one) => one.requestId === kept.requestId)) this.begin(kept.requestId, kept.message);
    else if (kept) remove("drafts", this.keptTurn).catch(() => {});
  }

  close() {
    for (const end of this.ends) end();
    this.voice.stop();
  }

  get keptTurn() {
    return `turn/${this.id}`;
  }

  async load() {
    try {
      const conversation = await api.showConversation(call, { path: { conversationId: this.id } });
      batch(() => {
        this.problem.value = null;
        this.conversation.value = conversation;
        this.lines.value = conversation.turns.map((/** @type {any} */ turn) => ({
          requestId: turn.requestId,
          message: turn.userMessage,
          answer: turn.aiMessage,
          correction: turn.correction ?? undefined,
          isStopped: turn.stopped,
        }));
      });
    } catch (failure) {
      this.problem.value = failure;
    }
  }

  /** Say something; a turn that is under way is stopped first. @param {string} message */
  async say(message) {
    this.interrupt();
    this.settle();
    const requestId = freshId();
    await put("drafts", { requestId, message }, this.keptTurn).catch(() => {});
    this.begin(requestId, message);
  }

  /** @param {string} requestId @param {string} message */
  begin(requestId, message) {
    this.voice.begin(requestId);
    this.current.value = { requestId, message, stage: "queued", said: "", isStopped: false };
    this.send();
  }

  /** Hand the turn to the channel; again is safe: it is the same turn. */
  send() {
    const now = this.current.value;
    if (!now || now.stage === "done" || now.failed) return;
    const { requestId, message } = now;
    channel.send({ action: "sendMessage", requestId, conversationId: this.id, message, stream: true });
  }

  /** Try a turn that failed once more. */
  again() {
    const now = this.current.value;
    if (now?.failed) this.begin(now.requestId, now.message);
  }

  /** Make the partner stop, in words and in sound; what was said is kept. */
  interrupt() {
    this.voice.stop();
    const now = this.current.value;
    if (now && now.stage !== "done" && !now.failed) channel.send({ action: "stop", requestId: now.requestId });
  }

  /** @param {{ requestId?: string }} frame @param {() => void} then */
  hear({ requestId }, then) {
    if (requestId && requestId === this.current.value?.requestId) then();
  }

  /** @param {{ delta: string, index: number }} frame */
  grow({ delta, index }) {
    const now = /** @type {Current} */ (this.current.value);
    if (now.stage === "done") return;
    const said = index === 0 ? delta : now.said + delta;
    this.current.value = { ...now, said, stage: "speaking" };
    this.voice.said.value = said;
  }

  /** @param {any} frame */
  finish(frame) {
    const now = /** @type {Current} */ (this.current.value);
    if (frame.status === "failed") {
      this.current.value = { ...now, failed: new Problem(frame.error, { retryAfter: frame.retryAfter }) };
      if (!frame.retryAfter) remove("drafts", this.keptTurn).catch(() => {});
      return;
    }
    remove("drafts", this.keptTurn).catch(() => {});
    this.voice.said.value = frame.response;
    this.voice.isWhole.value = true;
    this.current.value = { ...now, said: frame.response, stage: "done", isStopped: Boolean(frame.stopped) };
  }

  /** @param {any} job */
  job(job) {
    const now = this.current.value;
    if (now && job.requestId === now.requestId && STAGES.has(job.stage) && now.stage !== "done" && !now.said) this.current.value = { ...now, stage: job.stage };
    if (job.status !== "COMPLETED" || !job.requestId || job.conversationId !== this.id) return;
    if (now?.requestId === job.requestId) this.settle();
    this.lines.value = this.lines.value.map((one) => (one.requestId === job.requestId ? { ...one, correction: job.correction ?? one.correction } : one));
    const known = this.conversation.value;
    if (known) this.conversation.value = { ...known, turnCount: Math.max(known.turnCount, job.turnCount ?? 0) };
  }

  /** Let a turn that has ended stand among the others; its voice goes on. */
  settle() {
    const now = this.current.value;
    if (!now || now.stage !== "done") return;
    batch(() => {
      if (!this.lines.value.some((one) => one.requestId === now.requestId)) {
        this.lines.value = [...this.lines.value, { requestId: now.requestId, message: now.message, answer: now.said, isStopped: now.isStopped }];
      }
      this.current.value = null;
    });
  }
}

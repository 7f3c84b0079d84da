// Sends what waits in the outbox over a room's socket: in order, files first uploaded, each until it is acknowledged.
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { Problem } from "../api/problem.js";
import { upload } from "../api/uploads.js";
import { change, forget, outbox, outboxRead, pendingIn } from "./outbox.js";

const ANSWER_MS = 15_000;
const AT_ONCE = 12;
const RETRIED = new Set(["UNAVAILABLE", "RATE_LIMITED", "INTERNAL_SERVER_ERROR"]);

export class Sending {
  /** @param {string} roomId @param {(frame: object) => boolean} send */
  constructor(roomId, send) {
    this.roomId = roomId;
    this.send = send;
    this.timer = 0;
    this.isPumping = false;
  }

  /** Send whatever may be sent now; safe to call at any time. */
  async pump() {
    if (this.isPumping) return;
    this.isPumping = true;
    try {
      await outboxRead();
      for (const one of pendingIn(this.roomId)) {
        if (one.failed || this.underWay() >= AT_ONCE) continue;
        if (one.sentAt && Date.now() - one.sentAt < ANSWER_MS) continue;
        if (!(await this.sendOne(one))) break;
      }
    } finally {
      this.isPumping = false;
    }
    this.again(ANSWER_MS);
  }

  underWay() {
    return pendingIn(this.roomId).filter((one) => one.sentAt && Date.now() - one.sentAt < ANSWER_MS).length;
  }

  /** @param {import("./outbox.js").Pending} one @returns {Promise<boolean>} whether the next may be sent */
  async sendOne(one) {
    try {
      const key = one.file ? (one.key ?? (await this.uploaded(one))) : undefined;
      const { requestId, content, messageType } = one;
      const sent = this.send({ action: "sendMessage", requestId, roomId: this.roomId, content, messageType, ...(key ? { key } : {}) });
      if (sent) change(requestId, { sentAt: Date.now() });
      return sent;
    } catch (problem) {
      if (problem instanceof Problem && !problem.mayPass) change(one.requestId, { failed: problem.code });
      else this.again(3_000);
      return problem instanceof Problem && !problem.mayPass;
    }
  }

  /** @param {import("./outbox.js").Pending} one @returns {Promise<string>} the key of its file */
  async uploaded(one) {
    const file = /** @type {Blob} */ (one.file);
    const messageType = /** @type {"IMAGE" | "VOICE"} */ (one.messageType);
    const body = { messageType, contentType: file.type.split(";")[0] ?? "", size: file.size };
    const offer = await api.requestUpload(call, { path: { roomId: this.roomId }, body });
    await upload(offer, file);
    change(one.requestId, { key: offer.key });
    return offer.key;
  }

  /** @param {{ requestId: string }} frame */
  acknowledged({ requestId }) {
    forget(requestId);
    void this.pump();
  }

  /** @param {{ requestId?: string, error: string, retryAfter?: number }} frame */
  refused({ requestId, error, retryAfter }) {
    if (!requestId || !outbox.value.some((one) => one.requestId === requestId)) return;
    if (!RETRIED.has(error)) return change(requestId, { failed: error, sentAt: undefined });
    change(requestId, { sentAt: undefined });
    this.again((retryAfter ?? 2) * 1000);
  }

  /** The socket is gone: nothing that was sent is known to have arrived. */
  interrupted() {
    clearTimeout(this.timer);
    for (const one of pendingIn(this.roomId)) if (one.sentAt) change(one.requestId, { sentAt: undefined });
  }

  /** @param {number} after */
  again(after) {
    clearTimeout(this.timer);
    if (pendingIn(this.roomId).some((one) => !one.failed)) this.timer = window.setTimeout(() => this.pump(), after);
  }
}

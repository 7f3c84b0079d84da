// One room, live: its socket, what was said, who is here. It resumes after every cut without a gap and without doubles.
import { batch, signal } from "@preact/signals";
import { call } from "../api/client.js";
import * as api from "../api/generated/client.js";
import { account } from "../api/session.js";
import { freshToken } from "../api/tokens.js";
import { socketAddress } from "../live/channel.js";
import { LiveSocket } from "../live/live-socket.js";
import { History } from "./history.js";
import { change, pendingIn } from "./outbox.js";
import { Sending } from "./sending.js";

/** @typedef {import("../api/contracts.js").Message} Message */
/** @typedef {import("../api/contracts.js").RoomDetails} RoomDetails */

const FIRST_PAGE = 50;
const OLDER_PAGE = 100;
const TYPING_MS = 6_000;
const HIDDEN_MS = 200;

export class RoomConnection {
  /** @param {string} roomId */
  constructor(roomId) {
    this.roomId = roomId;
    /** @type {import("@preact/signals").Signal<RoomDetails | null>} */
    this.room = signal(null);
    /** @type {import("@preact/signals").Signal<readonly import("./history.js").Block[] | null>} */
    this.blocks = signal(null);
    /** @type {import("@preact/signals").Signal<string[]>} */
    this.present = signal([]);
    /** @type {import("@preact/signals").Signal<Record<string, number>>} */
    this.typing = signal({});
    this.hasOlder = signal(false);
    this.isLoadingOlder = signal(false);
    this.reloaded = signal(0);
    this.closedBecause = signal("");
    /** @type {import("@preact/signals").Signal<Message | null>} the last message that came over the socket */
    this.arrived = signal(null);
    this.history = new History();
    this.isShowing = false;
    /** Whom it was asked about: @type {Set<string>} */
    this.asked = new Set();
    /** @type {string | undefined} */
    this.epoch = undefined;
    /** @type {string | null} */
    this.cursor = null;
    this.socket = new LiveSocket({ open: () => this.open(), onFrame: (frame) => this.hear(frame), onSignInEnded: () => freshToken() });
    this.sending = new Sending(roomId, (frame) => this.socket.send(frame));
    this.unwatch = this.socket.state.subscribe(({ name }) => name !== "open" && this.sending.interrupted());
    /** @type {Record<string, (frame: any) => void>} */
    this.handlers = {
      connected: (frame) => void this.connected(frame),
      message: (message) => this.add(message),
      messageAck: (frame) => this.acknowledged(frame),
      error: (frame) => this.sending.refused(frame),
      resumed: (frame) => (this.epoch = frame.epoch),
      resync: (frame) => void this.resync(frame),
      presence: (frame) => this.presence(frame.members),
      typing: (frame) => this.showTyping(frame),
      room_closed: (frame) => (this.closedBecause.value = frame.reason || "deleted"),
    };
  }

  start() {
    this.socket.start();
  }

  close() {
    this.unwatch();
    this.sending.interrupted();
    this.socket.close();
  }

  /** @returns {Promise<WebSocket>} */
  async open() {
    const joined = await api.joinRoom(call, { path: { roomId: this.roomId }, body: {} });
    this.room.value = joined.room;
    return new WebSocket(`${socketAddress("/ws")}?roomToken=${encodeURIComponent(joined.roomToken)}`);
  }

  /** @param {any} frame */
  hear(frame) {
    this.handlers[frame.type ?? frame.action]?.(frame);
  }

  /** @param {{ epoch: string }} frame */
  async connected(frame) {
    this.socket.send({ action: "presence" });
    if (this.blocks.value === null) {
      this.epoch = frame.epoch;
      await this.loadFirst();
    } else {
      this.socket.send({ action: "resume", lastSeq: this.history.lastSeq, epoch: this.epoch });
    }
    void this.sending.pump();
  }

  async loadFirst() {
    const page = await api.listMessages(call, { path: { roomId: this.roomId }, query: { limit: FIRST_PAGE } }).catch(() => null);
    if (!page) return void setTimeout(() => this.blocks.value === null && this.loadFirst(), 2_000);
    const early = this.history.items;
    this.history = new History();
    this.history.prepend(page.messages);
    for (const message of early) this.history.add(message);
    this.cursor = page.nextCursor ?? null;
    batch(() => {
      this.hasOlder.value = page.hasMore;
      this.blocks.value = this.history.blocks;
    });
  }

  async loadOlder() {
    if (this.isLoadingOlder.value || !this.cursor) return;
    this.isLoadingOlder.value = true;
    const page = await api.listMessages(call, { path: { roomId: this.roomId }, query: { limit: OLDER_PAGE, cursor: this.cursor } }).catch(() => null);
    if (page) {
      this.history.prepend(page.messages);
      this.cursor = page.nextCursor ?? null;
    }
    batch(() => {
      this.isLoadingOlder.value = false;
      if (!page) return;
      this.hasOlder.value = page.hasMore;
      this.blocks.value = this.history.blocks;
    });
  }

  /** The gap cannot be filled: what is shown is replaced by what the gateway knows. @param {{ epoch: string }} frame */
  async resync(frame) {
    this.epoch = frame.epoch;
    this.history = new History();
    await this.loadFirst();
    this.reloaded.value += 1;
  }

  /** @param {Message} message @param {boolean} [inOrder] */
  add(message, inOrder = true) {
    if (!this.history.add(message, inOrder)) return;
    batch(() => {
      if (message.userId === account.peek()?.userId) this.show();
      else this.showSoon();
      this.arrived.value = message;
      const own = pendingIn(this.roomId).find((one) => one.userId === message.userId && !one.messageId && one.content === message.content);
      if (own) change(own.requestId, { messageId: message.messageId });
      if (this.typing.value[message.userId]) this.showTyping({ userId: message.userId, isTyping: false });
      if (message.userId !== "ai") this.meet([message.userId]);
    });
  }

  /** Draw what is known, once for all that comes before the next picture: a burst costs no more than a message. */
  showSoon() {
    if (this.isShowing) return;
    this.isShowing = true;
    const draw = () => this.show();
    if (document.visibilityState === "hidden") setTimeout(draw, HIDDEN_MS);
    else requestAnimationFrame(draw);
  }

  show() {
    this.isShowing = false;
    if (this.blocks.value !== null) this.blocks.value = this.history.blocks;
  }

  /** @param {{ requestId: string, messageId: string, seq: number, createdAt: string }} frame */
  acknowledged(frame) {
    const pending = pendingIn(this.roomId).find((one) => one.requestId === frame.requestId);
    if (pending && !this.history.known.has(frame.messageId)) {
      const { content, messageType, userId } = pending;
      const url = pending.file ? URL.createObjectURL(pending.file) : undefined;
      this.add({ type: "message", messageId: frame.messageId, roomId: this.roomId, userId, content, messageType, createdAt: frame.createdAt, seq: frame.seq, url }, false);
    }
    this.sending.acknowledged(frame);
  }

  /** @param {string} userId @returns {number} a colour that differs from that of the next four */
  hueOf(userId) {
    return Math.max(0, this.room.value?.members?.findIndex((one) => one.userId === userId) ?? 0);
  }

  /** @param {string[]} members */
  presence(members) {
    for (const one of members) if (!this.present.value.includes(one)) this.asked.delete(one);
    this.present.value = members;
    this.meet(members);
  }

  /** Learn the names of people who are not known; of each it is asked once, since who has left stays unknown. @param {string[]} people */
  meet(people) {
    const members = this.room.value?.members;
    const strangers = people.filter((one) => !this.asked.has(one) && !members?.some((member) => member.userId === one));
    if (!members || !strangers.length) return;
    for (const one of strangers) this.asked.add(one);
    void this.reloadRoom();
  }

  async reloadRoom() {
    const room = await api.showRoom(call, { path: { roomId: this.roomId } }).catch(() => null);
    if (room) this.room.value = room;
  }

  /** @param {{ userId: string, isTyping: boolean }} frame */
  showTyping({ userId, isTyping }) {
    const { [userId]: timer, ...others } = this.typing.value;
    clearTimeout(timer);
    const ending = () => this.showTyping({ userId, isTyping: false });
    this.typing.value = isTyping ? { ...others, [userId]: window.setTimeout(ending, TYPING_MS) } : others;
  }

  /** @param {boolean} isTyping */
  tellTyping(isTyping) {
    this.socket.send({ action: "typing", isTyping });
  }
}

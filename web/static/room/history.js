// A room's messages as they are shown: in blocks that stay as they are, so that one more message costs one block.

/** @typedef {import("../api/contracts.js").Message} Message */
/** @typedef {{ key: string, items: readonly Message[] }} Block */

const BLOCK = 40;

export class History {
  constructor() {
    /** @type {readonly Block[]} */
    this.blocks = [];
    /** @type {Set<string>} */
    this.known = new Set();
    this.lastSeq = 0;
  }

  get size() {
    return this.known.size;
  }

  /** @returns {Message | undefined} */
  get last() {
    return this.blocks.at(-1)?.items.at(-1);
  }

  /** @returns {Message[]} */
  get items() {
    return this.blocks.flatMap((block) => block.items);
  }

  /**
   * Put a message where it belongs by the time that the room gave it, whatever the order they come in.
   * @param {Message} message
   * @param {boolean} [inOrder] whether all before it are known too: only then may the room be resumed behind it
   * @returns {boolean} whether it was new
   */
  add(message, inOrder = true) {
    if (inOrder) this.lastSeq = Math.max(this.lastSeq, message.seq);
    if (this.known.has(message.messageId)) return false;
    this.known.add(message.messageId);
    const last = this.last;
    if (!last || last.createdAt <= message.createdAt) this.append(message);
    else this.insert(message);
    return true;
  }

  /** @param {Message[]} older newest first, all before what is known */
  prepend(older) {
    const fresh = older.filter((one) => !this.known.has(one.messageId)).reverse();
    for (const one of fresh) this.known.add(one.messageId);
    this.lastSeq = Math.max(this.lastSeq, ...fresh.map((one) => one.seq));
    if (fresh.length) this.blocks = [...inBlocks(fresh), ...this.blocks];
  }

  /** @param {Message} message */
  append(message) {
    const last = this.blocks.at(-1);
    if (!last || last.items.length >= BLOCK) this.blocks = [...this.blocks, { key: message.messageId, items: [message] }];
    else this.blocks = [...this.blocks.slice(0, -1), { key: last.key, items: [...last.items, message] }];
  }

  /** @param {Message} message */
  insert(message) {
    const at = Math.max(0, this.blocks.findLastIndex((block) => /** @type {Message} */ (block.items[0]).createdAt <= message.createdAt));
    const block = /** @type {Block} */ (this.blocks[at]);
    const items = [...block.items, message].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    this.blocks = this.blocks.with(at, { key: block.key, items });
  }
}

/** @param {Message[]} messages @returns {Block[]} */
function inBlocks(messages) {
  const blocks = [];
  for (let at = 0; at < messages.length; at += BLOCK) {
    const items = messages.slice(at, at + BLOCK);
    blocks.push({ key: /** @type {Message} */ (items[0]).messageId, items });
  }
  return blocks;
}

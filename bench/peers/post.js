// The script that gives a message its place, and the queue that counts, for the peers on Node that promise as much as we do.
'use strict';
const fs = require('fs');
const path = require('path');
const Redis = require('ioredis');

const KEPT = 1000;
const DAY = 86400;

/** A client whose commands of one turn of the event loop travel together. */
function connect() {
  const redis = new Redis(process.env.BUS, { enableAutoPipelining: true });
  redis.defineCommand('post', { numberOfKeys: 3, lua: fs.readFileSync(path.join(__dirname, 'post.lua'), 'utf8') });
  return redis;
}

/** Give a message its place in its room, once for each request id; on a channel it is shown in the same step. */
function post(redis, user, said, channel) {
  const message = { type: 'message', room: said.room, from: user, id: said.requestId, createdAt: new Date().toISOString() };
  const text = JSON.stringify({ ...message, text: said.text }).slice(0, -1);
  const keys = [`head:${said.room}`, `recent:${said.room}`, `id:${said.room}:${user}:${said.requestId}`];
  return redis.post(...keys, said.room, text, channel, KEPT, DAY);
}

/** A queue that takes what has come up to now as one job, and counts it. */
class CountedQueue {
  constructor() {
    this.jobs = 0;
    this.waiting = [];
  }

  put() {
    if (this.waiting.length === 0) setImmediate(() => this.take());
    return new Promise((taken) => this.waiting.push(taken));
  }

  take() {
    this.jobs += 1;
    for (const taken of this.waiting.splice(0)) taken();
  }
}

module.exports = { connect, post, CountedQueue };

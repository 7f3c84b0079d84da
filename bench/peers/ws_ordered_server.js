// Node's ws with what our messages promise: order, history, each request id once, accepted when the queue has it.
// `node ws_ordered_server.js PORT`, with BUS=redis://… in the environment.
'use strict';
const http = require('http');
const { WebSocketServer } = require('ws');
const { connect, post, CountedQueue } = require('./post');

const CHANNEL = 'ordered';
const rooms = new Map();
const queue = new CountedQueue();

function deliver(_channel, parcel) {
  const cut = parcel.indexOf('\n');
  const text = parcel.slice(cut + 1);
  for (const ws of rooms.get(parcel.slice(0, cut)) ?? []) ws.send(text);
}

async function take(ws, user, raw, redis) {
  const said = JSON.parse(raw);
  const [seq] = await post(redis, user, said, CHANNEL);
  await queue.put();
  ws.send(JSON.stringify({ type: 'accepted', requestId: said.requestId, seq }));
}

async function carry(ws, request, redis) {
  const query = new URL(request.url, 'http://127.0.0.1').searchParams;
  const room = query.get('room');
  const user = query.get('user');
  ws.on('error', () => ws.terminate());
  ws.on('message', (raw) => take(ws, user, raw, redis));
  if (!rooms.has(room)) rooms.set(room, new Set());
  rooms.get(room).add(ws);
  ws.on('close', () => rooms.get(room).delete(ws));
  ws.send(JSON.stringify({ type: 'joined', room }));
  if (query.has('after')) {
    for (const text of await redis.zrangebyscore(`recent:${room}`, `(${query.get('after')}`, '+inf')) ws.send(text);
  }
}

async function main() {
  const redis = connect();
  const subscriber = redis.duplicate();
  subscriber.on('message', deliver);
  await subscriber.subscribe(CHANNEL);
  const server = http.createServer((request, answer) => answer.end('ok'));
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 65536 });
  sockets.on('connection', (ws, request) => carry(ws, request, redis));
  server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
}

main();

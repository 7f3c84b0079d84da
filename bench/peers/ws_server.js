// The same work on Node's ws: `node ws_server.js PORT`, with BUS=redis://… in the environment.
'use strict';
const http = require('http');
const { WebSocketServer } = require('ws');
const { createClient } = require('redis');

const rooms = new Map();
let numbers = 0;

function deliver(parcel) {
  const cut = parcel.indexOf('\n');
  const text = parcel.slice(cut + 1);
  for (const ws of rooms.get(parcel.slice(0, cut)) ?? []) ws.send(text);
}

function carry(ws, request, publisher) {
  const query = new URL(request.url, 'http://127.0.0.1').searchParams;
  const room = query.get('room');
  const user = query.get('user');
  if (!rooms.has(room)) rooms.set(room, new Set());
  rooms.get(room).add(ws);
  ws.on('close', () => rooms.get(room).delete(ws));
  ws.on('error', () => ws.terminate());
  ws.on('message', async (raw) => {
    const said = JSON.parse(raw);
    const message = { type: 'message', id: ++numbers, room, from: user, text: said.text };
    await publisher.publish('rooms', `${said.room}\n${JSON.stringify(message)}`);
    ws.send(JSON.stringify({ type: 'accepted', requestId: said.requestId }));
  });
  ws.send(JSON.stringify({ type: 'joined', room }));
}

async function main() {
  const publisher = createClient({ url: process.env.BUS });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  await subscriber.subscribe('rooms', deliver);
  const server = http.createServer((request, answer) => answer.end('ok'));
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 65536 });
  sockets.on('connection', (ws, request) => carry(ws, request, publisher));
  server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
}

main();

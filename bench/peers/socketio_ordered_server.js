// Socket.IO with its Redis streams adapter and recovery of connections, and the place that our messages have.
// `node socketio_ordered_server.js PORT`, with BUS=redis://… in the environment.
'use strict';
const http = require('http');
const { Server } = require('socket.io');
const { createAdapter } = require('@socket.io/redis-streams-adapter');
const { createClient } = require('redis');
const { connect, post, CountedQueue } = require('./post');

const queue = new CountedQueue();

async function take(io, user, said, answer, redis) {
  const [seq, isNew] = await post(redis, user, said, '');
  if (isNew) io.to(said.room).emit('message', { id: said.requestId, seq, room: said.room, from: user, text: said.text });
  await queue.put();
  answer({ requestId: said.requestId, seq });
}

async function main() {
  const streams = createClient({ url: process.env.BUS });
  await streams.connect();
  const redis = connect();
  const server = http.createServer((request, answer) => answer.end('ok'));
  const io = new Server(server, {
    adapter: createAdapter(streams),
    connectionStateRecovery: { maxDisconnectionDuration: 120000, skipMiddlewares: true },
    transports: ['websocket'],
    maxHttpBufferSize: 65536,
    pingInterval: 25000,
  });
  io.on('connection', (socket) => {
    socket.on('join', async (room, answer) => {
      await socket.join(room);
      answer('joined');
    });
    socket.on('chat', (said, answer) => take(io, socket.id, said, answer, redis));
  });
  server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
}

main();

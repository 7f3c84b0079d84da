// The same work on Socket.IO with its Redis adapter: `node socketio_server.js PORT`, BUS=redis://… in the environment.
'use strict';
const http = require('http');
const { Server } = require('socket.io');
const { createAdapter } = require('@socket.io/redis-adapter');
const { createClient } = require('redis');

let numbers = 0;

async function main() {
  const publisher = createClient({ url: process.env.BUS });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const server = http.createServer((request, answer) => answer.end('ok'));
  const io = new Server(server, {
    adapter: createAdapter(publisher, subscriber),
    transports: ['websocket'],
    maxHttpBufferSize: 65536,
    pingInterval: 25000,
  });
  io.on('connection', (socket) => {
    socket.on('join', async (room, answer) => {
      await socket.join(room);
      answer('joined');
    });
    socket.on('chat', (said, answer) => {
      io.to(said.room).emit('message', { id: ++numbers, room: said.room, from: socket.id, text: said.text });
      answer({ requestId: said.requestId });
    });
  });
  server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
}

main();

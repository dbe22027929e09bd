// node_ws.js PORT - node's `ws`, as its README has it: the list of clients is the room.
'use strict';
const { WebSocketServer } = require('ws');
const options = { host: '127.0.0.1', port: Number(process.argv[2]), backlog: 4096 };
const server = new WebSocketServer({ ...options, perMessageDeflate: false });
server.on('connection', (phone) => {
  phone.on('error', () => {});
  phone.on('message', (data) => {
    const text = data.toString();
    if (text.startsWith('GO ')) {
      for (const client of server.clients) client.send(text.slice(3));
      return;
    }
    const { question, option } = JSON.parse(text);
    phone.send(JSON.stringify({
      type: 'receipt', question, option, status: 'accepted', receipt: 'ABCDEFGH',
      time_ms: 1234,
    }));
  });
});

"""The WebSocket transport: sockets that cost no greenlet while idle, taken from gunicorn after the handshake."""

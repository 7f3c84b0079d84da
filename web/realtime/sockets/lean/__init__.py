"""Sockets that cost no greenlet while idle: taken from gunicorn after the handshake and watched by the hub."""

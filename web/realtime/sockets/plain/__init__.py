"""The way back: flask-sock's simple-websocket, hardened, with threads (greenlets under gevent) for each socket."""

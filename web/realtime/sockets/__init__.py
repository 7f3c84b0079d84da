"""The WebSocket transport: one small port, a lean and a plain implementation behind it."""

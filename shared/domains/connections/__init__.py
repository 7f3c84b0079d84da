"""Connections: every open WebSocket, recorded, counted and swept."""

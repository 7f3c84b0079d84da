"""Rooms: where students talk, who is in them, and the ticket to enter."""

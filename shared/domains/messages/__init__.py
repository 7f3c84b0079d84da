"""Messages: what is said in a room, in one order, stored once."""

"""The AI partner: what it is told, and how what it says is read."""

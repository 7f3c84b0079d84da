"""Turns of a conversation with the AI partner: asked, spoken as it is thought, answered exactly once."""

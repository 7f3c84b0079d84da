"""The built-in partner: a conversation by rules and data, the same words for the same conversation."""

"""Practice: sentences that a student says aloud, and what was heard of them."""

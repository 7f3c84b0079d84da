"""The rules of feedback: seen first, kept behind, and never lost on who was away."""

"""The rules of accounts: who may sign in, for how long, and what they may change."""

"""Budgets: what the partner may cost a user a day; held before it is spent, given back where nothing came of it."""

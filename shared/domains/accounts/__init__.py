"""Accounts: who may use the platform, and as what."""

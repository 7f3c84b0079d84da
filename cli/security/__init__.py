"""Attacks on a running platform, each of which must be refused."""

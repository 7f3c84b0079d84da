"""Conversations with the AI partner: begun, listed, wound up and reported on."""

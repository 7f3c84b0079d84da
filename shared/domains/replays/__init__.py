"""Replays: sending dead letters again, one or many, by hand or by themselves."""

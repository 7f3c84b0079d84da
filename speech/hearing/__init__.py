"""Hearing: samples become words, and what is no speech becomes none."""

"""Tests of shared adapters graph processes."""

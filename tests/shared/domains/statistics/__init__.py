"""Tests of shared domains statistics."""

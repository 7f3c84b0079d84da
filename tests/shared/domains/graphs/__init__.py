"""Tests of shared domains graphs."""

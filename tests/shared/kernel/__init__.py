"""Tests of shared kernel."""

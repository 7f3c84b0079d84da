"""Tests of shared domains turns."""

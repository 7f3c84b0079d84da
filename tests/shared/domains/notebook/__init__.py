"""Tests of shared domains notebook."""

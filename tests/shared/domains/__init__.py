"""Tests of shared domains."""

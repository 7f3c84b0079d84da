"""Tests of shared domains dead letters."""

"""Tests of shared domains practice."""

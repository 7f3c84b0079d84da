"""Tests of shared adapters metrics."""

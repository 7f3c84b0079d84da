"""Tests of shared adapters."""

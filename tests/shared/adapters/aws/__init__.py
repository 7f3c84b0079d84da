"""Tests of shared adapters aws."""

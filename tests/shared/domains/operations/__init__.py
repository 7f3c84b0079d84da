"""Tests of shared domains operations."""

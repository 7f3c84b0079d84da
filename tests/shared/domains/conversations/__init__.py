"""Tests of shared domains conversations."""

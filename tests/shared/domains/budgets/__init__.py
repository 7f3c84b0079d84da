"""Tests of shared domains budgets."""

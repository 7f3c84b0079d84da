"""Tests of web realtime."""

"""Tests of embedded transcribe."""

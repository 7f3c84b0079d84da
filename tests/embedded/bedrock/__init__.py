"""Tests of embedded bedrock."""

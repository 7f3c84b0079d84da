"""Tests of SpeakTracker."""

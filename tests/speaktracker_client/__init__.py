"""Tests of speaktracker client."""

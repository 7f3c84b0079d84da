"""Corrections of common learners' errors by rule; what is right is left alone."""

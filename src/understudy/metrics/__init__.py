"""Measures of models, computed without torch."""

"""Labelled utterances: what was said, what it means, and the formats that hold it."""

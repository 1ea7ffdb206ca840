"""A small assistant world of our own in four languages: labelled utterances, in-domain and generic text."""

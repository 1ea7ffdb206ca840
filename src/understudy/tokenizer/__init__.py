"""Subwords: training a SentencePiece model, encoding with offsets, and measures of a vocabulary."""

"""Encoder sizes, the encoder itself, heads, and Hugging Face's form of them."""

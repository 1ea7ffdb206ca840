"""understudy: small, fast, multilingual language-understanding models that stand in for huge ones."""

__version__ = "0.1.0"

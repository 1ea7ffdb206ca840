"""Text without models: locales, words, normalisation, spoken form. Pure functions."""

"""Recipes: schema, loading, the graph of steps and the files they read."""

"""The spine: recipes, artifacts and manifests, errors, progress. Imports no numpy and no torch."""

"""The papers' tables from manifests, as text and as one HTML page."""

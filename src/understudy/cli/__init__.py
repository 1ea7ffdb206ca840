"""Commands to stages; nothing else. Heavy imports stay inside the commands, so that ``--help`` is quick."""

from understudy.cli import recipes, models, inspect, text, corpora, data  # isort: skip - the order of --help
from understudy.cli.app import app, main

__all__ = ["app", "corpora", "data", "inspect", "main", "models", "recipes", "text"]

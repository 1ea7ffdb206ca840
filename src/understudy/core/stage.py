"""What a stage is given: the artifacts and the raw files that its config names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from understudy.core.addresses import Address
from understudy.core.artifact import Artifact
from understudy.core.recipe.entries import Corpus, Labels


@dataclass(frozen=True)
class CorpusFiles:
    """A corpus and its files, by locale; remote ones too."""

    config: Corpus
    files: Mapping[str, tuple[Address, ...]]


@dataclass(frozen=True)
class LabelFiles:
    """A label set and its files, by locale."""

    config: Labels
    files: Mapping[str, tuple[Path, ...]]
    splits: tuple[str, ...] = ("train", "dev", "test")
    """The splits that may be opened; a step is given those of its config's class."""


@dataclass(frozen=True)
class Inputs:
    """Everything a stage may read, each under the name the recipe gives it."""

    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    corpora: Mapping[str, CorpusFiles] = field(default_factory=dict)
    labels: Mapping[str, LabelFiles] = field(default_factory=dict)

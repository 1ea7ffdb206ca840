"""Text into a training corpus: ``train/`` and ``validation/`` shards (paper A 2.1, 2.2)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from understudy.core.recipe.text_filters import Contamination
from understudy.core.recipe.text_steps import Prepare
from understudy.core.stage import Inputs
from understudy.corpus.clean import language_of
from understudy.corpus.contamination import TestTexts
from understudy.corpus.engine import select_runner
from understudy.corpus.pipeline import Corpus
from understudy.corpus.read import sources
from understudy.corpus.readers import documents
from understudy.report.tables import Table
from understudy.utterances.read import read_split


def run(config: Prepare, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Read, filter, de-duplicate, split, sample, pack and write; numbers by kind and language.

    After a kill it goes on in the same ``out``: finished partitions are not made again.

    Raises:
        UserError: bad input, with file and line; a language of which nothing is left; an impossible mix.
    """
    select_runner(config.engine)
    test_sets = config.filters.contamination
    test_texts = None if test_sets is None else TestTexts.of(_test_texts(test_sets, inputs), test_sets)
    files = [(name, source) for name in config.corpora for source in sources([inputs.corpora[name]])]
    numbers = Corpus(config, files, test_texts, out).make()
    numbers["licenses"] = {name: inputs.corpora[name].config.license for name in config.corpora}
    print(table(numbers).text(), file=sys.stderr, flush=True)
    return numbers


def table(numbers: dict[str, Any]) -> Table:
    """What was read, dropped for which reason, and kept, by kind and language; of the manifest's numbers."""
    groups = [
        (kind, language, cell)
        for kind, languages in numbers["rows"].items()
        for language, cell in languages.items()
    ]
    reasons = sorted({reason for *_, cell in groups for reason, count in cell["dropped"].items() if count})
    rows = []
    for kind, language, cell in groups:
        counts = [cell["dropped"].get(reason, 0) for reason in reasons]
        counts = [cell["read"], *counts, cell["kept"], cell["sampled"], cell["held_out"]]
        rows.append((kind.replace("_", "-"), language, *(f"{count:,}" for count in counts)))
    named = [reason.replace("_", " ") for reason in reasons]
    columns = ("kind", "language", "read", *named, "kept", "sampled", "held out")
    return Table("Rows by kind and language: read, dropped for a reason, kept", columns, tuple(rows))


def _test_texts(config: Contamination, inputs: Inputs) -> Iterator[tuple[str, str]]:
    """Language and text of everything that is to be kept out."""
    splits: tuple[Literal["dev", "test"], ...] = ("dev", "test")
    for name in config.labels:
        for split in splits:
            for frame in read_split(inputs.labels[name], split):
                yield language_of(frame.locale), frame.text
    for source in sources(inputs.corpora[name] for name in config.corpora):
        for document in documents(source):
            yield language_of(source.locale), document.text

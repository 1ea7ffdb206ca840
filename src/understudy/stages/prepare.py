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
from understudy.report.sections.corpus import rows_table
from understudy.utterances.pairs import read_examples


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
    table = rows_table(numbers["rows"], "Rows by kind and language: read, dropped for a reason, kept")
    print(table.text(), file=sys.stderr, flush=True)
    return numbers


def _test_texts(config: Contamination, inputs: Inputs) -> Iterator[tuple[str, str]]:
    """Language and text of everything that is to be kept out."""
    splits: tuple[Literal["dev", "test"], ...] = ("dev", "test")
    for name in config.labels:
        for split in splits:
            for example in read_examples(inputs.labels[name], split).rows:
                for text in filter(None, (example.text, example.pair)):
                    yield language_of(example.locale), text
    for source in sources(inputs.corpora[name] for name in config.corpora):
        for document in documents(source):
            yield language_of(source.locale), document.text

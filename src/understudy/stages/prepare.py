"""Text into a training corpus: ``train/`` and ``validation/`` shards (paper A 2.1, 2.2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.recipe.text_steps import Prepare
from understudy.core.stage import Inputs
from understudy.corpus.engine import select_runner
from understudy.corpus.pipeline import Corpus
from understudy.corpus.read import sources


def run(config: Prepare, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Read, clean, de-duplicate, split, sample, pack and write; numbers by kind and language.

    Raises:
        UserError: bad input, with file and line; a language of which nothing is left; an impossible mix.
    """
    select_runner(config.engine)
    return Corpus(config, sources(inputs.corpora[name] for name in config.corpora), out).make()

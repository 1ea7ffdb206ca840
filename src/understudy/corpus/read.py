"""What there is to read: a recipe's corpora, file by file."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.core.errors import UserError
from understudy.core.stage import CorpusFiles
from understudy.corpus.readers import Source
from understudy.text.locale import Locale


def sources(corpora: Iterable[CorpusFiles]) -> list[Source]:
    """Every file of every corpus, in the recipe's order.

    Raises:
        UserError: a locale is misspelt; a locale without files; ``where`` or ``confidence`` on plain text.
    """
    found = []
    for corpus in corpora:
        for key in ("where", "confidence"):
            if getattr(corpus.config, key) and corpus.config.format == "text":
                raise UserError(f"plain text has no keys; drop '{key}' or use jsonl ({corpus.config.path})")
        for locale, files in corpus.files.items():
            Locale.parse(locale)
            if not files:
                raise UserError(f"no file for locale '{locale}'", file=corpus.config.path)
            found += [Source(path, locale, corpus.config) for path in files]
    return found

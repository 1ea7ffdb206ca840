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
        UserError: a locale is misspelt; a locale without files.
    """
    found = []
    for corpus in corpora:
        for locale, files in corpus.files.items():
            Locale.parse(locale)
            if not files:
                raise UserError(f"no file for locale '{locale}'", file=corpus.config.path)
            found += [Source(path, locale, corpus.config) for path in files]
    return found

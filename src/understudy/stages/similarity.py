"""How like generic text each domain is, a locale each (paper B 5.2): the x axis of the transfer-set study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import write_json
from understudy.core.progress import progress
from understudy.core.recipe.entries import Corpus
from understudy.core.recipe.text_steps import Similarity
from understudy.core.stage import CorpusFiles, Inputs
from understudy.corpus.read import sources
from understudy.corpus.readers import Source, documents
from understudy.corpus.similarity import Profile, profiles, similarity
from understudy.text.locale import Locale
from understudy.utterances.read import read_split


def run(config: Similarity, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Compare the training utterances of every domain with samples of the generic corpora.

    Raises:
        UserError: bad input, with file and line; a language that none of the corpora has.
    """
    texts: dict[tuple[str, str], list[str]] = {}
    for frame in read_split(inputs.labels[config.labels], "train"):
        texts.setdefault((frame.locale, frame.domain), []).append(frame.text)
    generic = _by_language([inputs.corpora[name] for name in config.corpora])
    for language in {Locale.parse(locale).language for locale, _ in texts}:
        if language not in generic:
            raise UserError(f"no file of language '{language}' in any of them", place="corpora")
    # One sample of generic text serves every domain of its language.
    samples: dict[str, list[Profile]] = {}
    draws = (config.resamplings, config.seed)
    found: dict[str, dict[str, Any]] = {}
    with progress("similarity", total=len(texts), unit="domains") as bar:
        for (locale, domain), utterances in sorted(texts.items()):
            language = Locale.parse(locale).language
            if language not in samples:
                rows = [_texts(files) for files in generic[language]]
                samples[language] = profiles(rows, language, config.sentences, *draws)
            mine = profiles([utterances], language, config.utterances, *draws)
            compared = similarity(mine, samples[language])
            found.setdefault(locale, {})[domain] = compared.to_json()
            bar.advance(1, note=f"{locale} {domain} {compared.mean:.3f}")
    write_json(out / "similarity.json", found)
    return {"by_locale": found}


def rows_of(path: Path, field: str, locale: str) -> Iterator[str]:
    """The texts of one file, of the format its name says (JSON Lines, CSV, TSV, Parquet, else plain text).

    Raises:
        UserError: as :func:`~understudy.corpus.readers.documents`.
    """
    formats = {".jsonl": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet"}
    suffixes = [suffix for suffix in path.suffixes if suffix in formats]
    named = formats[suffixes[-1]] if suffixes else "text"
    keys = {} if named == "text" else {"field": field}
    corpus = Corpus.model_validate({"path": str(path), "locales": (locale,), "format": named} | keys)
    return (row.text for row in documents(Source(path, locale, corpus)) if row.text)


def _by_language(corpora: Sequence[CorpusFiles]) -> dict[str, list[list[Source]]]:
    """Each language's files, a list for every corpus that has any: lacking a source, it uses the rest."""
    found: dict[str, list[list[Source]]] = {}
    for corpus in corpora:
        mine: dict[str, list[Source]] = {}
        for source in sources([corpus]):
            mine.setdefault(Locale.parse(source.locale).language, []).append(source)
        for language, files in mine.items():
            found.setdefault(language, []).append(files)
    return found


def _texts(files: Sequence[Source]) -> Iterator[str]:
    return (row.text for source in files for row in documents(source) if row.text)

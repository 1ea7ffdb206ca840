"""Microsoft Presidio as a second look at personal data: names, which no pattern can tell."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError

ENTITIES = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS")
"""Looked for unless others are named; dates and places are what utterances are about, and stay."""

_KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
}


def presidio_replace(
    text: str, language: str, models: Mapping[str, str], entities: Sequence[str] = ENTITIES
) -> tuple[str, Counter[str]]:
    """Replace what Presidio finds by placeholders; a language without a model is left as it is.

    Args:
        models: a spaCy model a language, by package name or folder.
        entities: Presidio's names of what to look for.

    Returns:
        The text, and how often each kind was replaced: ours where we have one, else Presidio's in lower case.

    Raises:
        UserError: Presidio is not installed, or a model is missing.
    """
    if language not in models:
        return text, Counter()
    found: Counter[str] = Counter()
    results = _analyzer(tuple(sorted(models.items()))).analyze(text, language=language, entities=[*entities])
    best = sorted(results, key=lambda result: (-result.score, result.start))
    taken: list[Any] = []
    for result in best:
        if all(result.end <= other.start or result.start >= other.end for other in taken):
            taken.append(result)
    for result in sorted(taken, key=lambda result: -result.start):
        kind = _KINDS.get(result.entity_type, result.entity_type.lower().replace("_", "-"))
        text = f"{text[: result.start]}<{kind}>{text[result.end :]}"
        found[kind] += 1
    return text, found


@cache
def _analyzer(models: tuple[tuple[str, str], ...]) -> Any:
    if importlib.util.find_spec("presidio_analyzer") is None:
        raise UserError("Presidio is not installed; run pip install 'understudy[presidio]'", place="presidio")
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from spacy.util import is_package

    for language, model in models:
        if not is_package(model) and not Path(model).is_dir():
            raise UserError(
                f"no spaCy model '{model}'; install it, or give the folder of one",
                place=f"presidio.{language}",
            )
    languages = [language for language, _ in models]
    named = [{"lang_code": language, "model_name": model} for language, model in models]
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": named}).create_engine()
    return AnalyzerEngine(nlp_engine=nlp, supported_languages=languages)

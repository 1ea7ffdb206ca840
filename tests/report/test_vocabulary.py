"""Tokenizers in the report: tables of languages against sizes, and the curve of a search."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from understudy.core.artifact import Artifact, Manifest
from understudy.report.vocabulary import vocabulary_curves, vocabulary_tables


def _row(pieces: int, ratio: float, **languages: float) -> dict:
    of_language = {
        name: {"split_ratio": r, "unk_portion": 0.001, "words": 5} for name, r in languages.items()
    }
    return {"vocabulary": pieces, "split_ratio": ratio, "unk_portion": 0.0021, "by_language": of_language}


def _artifact(name: str, numbers: dict) -> Artifact:
    return Artifact(Path(name), Manifest.model_construct(numbers=numbers))


SEARCH = {
    **_row(2000, 1.5, de=1.6, ja=1.25),
    "curve": [_row(1000, 2.0, de=2.25, ja=1.5), _row(2000, 1.5, de=1.6, ja=1.25)],
    "reference": {"path": "ref", **_row(3000, 1.4, de=1.5)},
}


def test_languages_stand_against_sizes() -> None:
    ratio, unk = vocabulary_tables([_artifact("grown", SEARCH), _artifact("fixed", _row(500, 3.0, te=3.5))])
    assert ratio.columns == ("tokenizer", "pieces", "all", "de", "ja", "te")
    assert ratio.rows == (
        ("grown", "1,000", "2.000", "2.250", "1.500", "-"),
        ("grown", "2,000", "1.500", "1.600", "1.250", "-"),
        ("reference", "3,000", "1.400", "1.500", "-", "-"),
        ("fixed", "500", "3.000", "-", "-", "3.500"),
    )
    assert unk.rows[0] == ("grown", "1,000", "0.210", "0.100", "0.100", "-")
    assert vocabulary_tables([_artifact("old", {})]) == []


def test_a_search_has_two_curves_with_the_references_level() -> None:
    charts = vocabulary_curves([_artifact("grown", SEARCH), _artifact("fixed", _row(500, 3.0))])
    assert len(charts) == 2
    figure = ElementTree.fromstring(charts[0])
    (line,) = figure.iter("polyline")
    (first, second) = (tuple(map(float, point.split(","))) for point in line.attrib["points"].split())
    assert first[0] < second[0]
    assert first[1] < second[1]  # a larger vocabulary splits less: the line goes down the page
    (level,) = (each for each in figure.iter("line") if each.attrib["class"] == "level")
    assert float(level.attrib["y1"]) > second[1]
    assert "reference" in charts[0]

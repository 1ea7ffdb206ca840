"""Presidio as an engine, with a small rule-based spaCy model made here: none can be downloaded in tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.corpus.presidio import presidio_replace


def test_names_and_addresses_are_replaced(tmp_path: Path) -> None:
    pytest.importorskip("presidio_analyzer", reason="needs the extra 'presidio'")
    import spacy

    model = spacy.blank("en")
    ruler = model.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "ada lovelace"}])
    model.to_disk(tmp_path / "model")
    models = {"en": str(tmp_path / "model")}
    text, found = presidio_replace("call ada lovelace at ada@example.org tomorrow", "en", models)
    assert text == "call <person> at <email> tomorrow"
    assert found == {"person": 1, "email": 1}
    assert presidio_replace("ruf ada lovelace an", "de", models) == ("ruf ada lovelace an", {})


def test_a_missing_model_is_named() -> None:
    pytest.importorskip("presidio_analyzer", reason="needs the extra 'presidio'")
    with pytest.raises(UserError, match="no spaCy model 'nowhere'"):
        presidio_replace("a", "en", {"en": "nowhere"})

"""What a fine-tuning step may say, and what the guide says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from understudy.core.recipe.finetune_steps import Finetune

BASE: dict[str, Any] = {
    "stage": "finetune",
    "model": "student",
    "labels": "all",
    "duration": {"epochs": 3},
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"heads": "paper-c"}, "no setting 'paper-c'; there are: paper-a, paper-b-dc, paper-b-icner"),
        ({"heads": {"intent": "paper-c"}}, "no shape 'paper-c'; there are: paper-a, paper-b"),
        ({"heads": []}, "a model needs a head: domain, intent, slots or crf"),
        ({"heads": ["intents"]}, "Extra inputs are not permitted"),
        ({"heads": {"intent": {"widht": 3}}}, "Extra inputs are not permitted"),
        ({"heads": ["intent", "crf"], "class_weights": {"slots": "sqrt"}}, "a CRF judges paths"),
        ({"heads": ["slots"], "class_weights": {"intent": "sqrt"}}, "there is no such head"),
        ({"frozen": True, "layer_decay": 0.9}, "a frozen encoder has no use for"),
        ({"locales": []}, "'locales' names none"),
        ({"unfreeze_every": 0}, "greater than 0"),
    ],
)
def test_what_does_not_go_together_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Finetune.model_validate(BASE | changes)


def test_heads_by_name_list_and_table_are_the_same() -> None:
    def heads(value: Any) -> Any:
        return Finetune.model_validate(BASE | {"heads": value}).heads

    assert heads("paper-a") == heads(["intent", "slots"]) == heads({"intent": None, "slots": {}})
    icner = heads("paper-b-icner")
    assert icner == heads({"intent": "paper-b", "slots": "paper-b", "crf": True})
    assert (icner.intent.layers, icner.intent.width, icner.intent.activation) == (1, 128, "relu")
    assert (icner.slots.layers, icner.slots.width, icner.slots.activation) == (1, 256, "gelu")
    assert heads(["crf"]).slots is not None
    assert heads({"intent": None, "crf": False}).crf is None


def test_the_guide_names_every_key_and_its_recipes_are_right() -> None:
    text = (Path(__file__).parents[2] / "docs" / "finetuning.md").read_text()
    named = {word for code in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"\w+", code)}
    assert set(Finetune.model_fields) - {"stage"} <= named
    first, parts = (
        yaml.safe_load(block.replace(", ...", "")) for block in re.findall(r"```yml\n(.*?)```", text, re.S)
    )
    assert Finetune.model_validate(first["nlu"]).heads.crf is not None
    rest = {"model": "student", "labels": "all", "duration": {"epochs": 4}}
    del parts["test"]
    assert all(Finetune.model_validate(rest | step) for step in parts.values())
    table = re.search(r"`heads: (\{domain: .*\})`", text)
    assert table is not None
    heads = Finetune.model_validate(BASE | {"heads": yaml.safe_load(table[1])}).heads
    assert heads.domain == heads.intent and heads.crf is not None and heads.crf.constrained

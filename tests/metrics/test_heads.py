"""Measures of a model that has not all heads: None with a reason, at any depth, and never NaN."""

from __future__ import annotations

import pytest

from understudy.metrics.heads import answered, judge
from understudy.metrics.nlu import score
from understudy.utterances.frame import Frame, Slot

REFERENCES = [
    Frame("1", "en-US", "play jazz", "audio", "play", (Slot("genre", "jazz", 5, 9),)),
    Frame("2", "de-DE", "halt", "audio", "stop"),
]


def told(*heads: str) -> list[Frame]:
    """The right answer, as far as heads can give it."""
    return [
        Frame(
            f.id,
            f.locale,
            f.text,
            f.domain if {"domain", "intent"} & set(heads) else "",
            f.intent if "intent" in heads else "",
            f.slots if "slots" in heads else (),
        )
        for f in REFERENCES
    ]


@pytest.mark.parametrize(
    ("heads", "right", "reason"),
    [
        (("intent", "slots"), {"intent_accuracy", "slot_f1", "exact_match", "domain_f1"}, {}),
        (
            ("intent",),
            {"intent_accuracy", "domain_f1", "domain_accuracy"},
            {"slot_f1": "the model has no slots head", "exact_match": "the model has no slots head"},
        ),
        (
            ("domain",),
            {"domain_f1", "domain_accuracy"},
            {
                "intent_accuracy": "the model has no intent head",
                "semer": "the model has no intent and no slots head",
            },
        ),
        (
            ("slots",),
            {"slot_f1"},
            {
                "domain_f1": "the model has neither a domain nor an intent head",
                "irer": "the model has no intent head",
            },
        ),
    ],
)
def test_what_a_head_cannot_tell_has_no_value(heads: tuple[str, ...], right: set[str], reason: dict) -> None:
    scores = answered(score(REFERENCES, told(*heads)), heads)
    for row in (scores, scores["macro"], scores["by_locale"]["en-US"], scores["by_domain"]["audio"]):
        assert {name: row[name] for name in right} == dict.fromkeys(right, 1.0)
        for name, why in reason.items():
            assert row[name] is None
            assert row["undefined"][name] == why
    # What had no value for a reason of its own keeps it.
    if heads == ("slots",):
        assert "hold" in scores["by_locale"]["de-DE"]["undefined"]["slot_f1"]


@pytest.mark.parametrize(
    ("heads", "measure"),
    [
        (("intent", "slots", "domain"), "exact_match"),
        (("intent", "domain"), "intent_accuracy"),
        (("slots", "domain"), "slot_f1"),
        (("domain",), "domain_accuracy"),
    ],
)
def test_the_measure_that_judges_stands_for_all_heads(heads: tuple[str, ...], measure: str) -> None:
    assert judge(heads) == measure
    assert answered(score(REFERENCES, told(*heads)), heads)[measure] == 1.0

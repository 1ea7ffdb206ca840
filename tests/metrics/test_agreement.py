"""Ten thousand random cases of each measure against seqeval, scikit-learn and slow code of our own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from understudy.metrics.calibration import expected_calibration_error
from understudy.metrics.confidence import auroc
from understudy.metrics.nlu import score
from understudy.utterances.frame import Frame, Slot

CASES = 10_000
NAMES, INTENTS, DOMAINS = "ab", "xyz", "pqr"
WORDS = ("one", "two", "one", "three")
OUTSIDE = "O"


def tagged(tags: list[str], intent: str, domain: str, number: int) -> Frame:
    """A frame of words and their BIO tags, all B or following their own kind."""
    words = [WORDS[i % len(WORDS)] for i in range(len(tags))]
    starts = [sum(len(word) + 1 for word in words[:i]) for i in range(len(words))]
    text = " ".join(words)
    slots: list[Slot] = []
    for i, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        end = starts[i] + len(words[i])
        start = slots.pop().start if tag[0] == "I" else starts[i]
        slots.append(Slot(tag[2:], text[start:end], start, end))
    return Frame(str(number), "en-US", text, domain, intent, tuple(slots))


def random_tags(draw: random.Random, length: int) -> list[str]:
    tags: list[str] = []
    while len(tags) < length:
        name = draw.choice(NAMES)
        kind = draw.random()
        previous = tags[-1] if tags else OUTSIDE
        if kind < 0.4:
            tags.append(OUTSIDE)
        elif kind < 0.7 and previous != OUTSIDE:
            tags.append(f"I-{previous[2:]}")
        else:
            tags.append(f"B-{name}")
    return tags


Case = tuple[list[list[str]], list[list[str]], list[Frame], list[Frame]]


def cases(seed: int) -> Iterator[Case]:
    """Corpora of one to three utterances: tags due, tags given, and the frames of both."""
    draw = random.Random(seed)
    for _ in range(CASES):
        due, given, references, hypotheses = [], [], [], []
        for number in range(draw.randint(1, 3)):
            tags = random_tags(draw, draw.randint(1, 4))
            other = tags if draw.random() < 0.3 else random_tags(draw, len(tags))
            due.append(tags)
            given.append(other)
            references.append(tagged(tags, draw.choice(INTENTS), draw.choice(DOMAINS), number))
            hypotheses.append(tagged(other, draw.choice(INTENTS), draw.choice(DOMAINS), number))
        yield due, given, references, hypotheses


@pytest.mark.slow
def test_slot_f1_is_that_of_seqeval() -> None:
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    undefined = 0
    for due, given, references, hypotheses in cases(1):
        ours = score(references, hypotheses)
        if not any(frame.slots for frame in (*references, *hypotheses)):
            assert ours["slot_f1"] is None  # seqeval has nothing to report
            undefined += 1
            continue
        theirs = classification_report(
            due, given, mode="strict", scheme=IOB2, output_dict=True, zero_division=0
        )
        micro = theirs.pop("micro avg")
        assert ours["slot_f1"] == pytest.approx(micro["f1-score"])
        assert (ours["slot_precision"] or 0) == pytest.approx(micro["precision"])
        assert (ours["slot_recall"] or 0) == pytest.approx(micro["recall"])
        for name, row in ours["by_slot"].items():
            assert row["slot_f1"] == pytest.approx(theirs[name]["f1-score"])
            assert row["reference"] == theirs[name]["support"]
    assert 0 < undefined < CASES / 2


@pytest.mark.slow
def test_intents_and_domains_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import accuracy_score, f1_score

    for _, _, references, hypotheses in cases(2):
        ours = score(references, hypotheses)
        intents, domains = (
            ([getattr(frame, key) for frame in references], [getattr(frame, key) for frame in hypotheses])
            for key in ("intent", "domain")
        )
        accuracy = accuracy_score(*intents)
        assert ours["intent_accuracy"] == pytest.approx(accuracy)
        assert ours["icer"] == pytest.approx(1 - accuracy)
        assert ours["domain_accuracy"] == pytest.approx(accuracy_score(*domains))
        assert ours["domain_f1"] == pytest.approx(f1_score(*domains, average="macro", zero_division=0))


@pytest.mark.slow
def test_calibration_and_auroc_are_those_of_scikit_learn() -> None:
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import roc_auc_score

    draw = np.random.default_rng(3)
    for _ in range(CASES):
        number, bins = int(draw.integers(2, 40)), int(draw.integers(1, 16))
        confidence = draw.choice([draw.random(number), draw.integers(0, 11, number) / 10])  # ties and edges
        right = draw.random(number) < confidence
        right[:2] = True, False
        accuracy, mean = calibration_curve(right, confidence, n_bins=bins)
        edges = np.linspace(0, 1, bins + 1)[1:-1]
        sizes = np.bincount(np.searchsorted(edges, confidence), minlength=bins)
        due = (np.abs(accuracy - mean) * sizes[sizes > 0]).sum() / number
        assert expected_calibration_error(confidence, right, bins) == pytest.approx(due)
        area = roc_auc_score(right, confidence)
        assert auroc(confidence[right], confidence[~right]) == pytest.approx(area)


def fewest_errors(due: tuple[Slot, ...], given: tuple[Slot, ...]) -> int:
    """The first due slot is missing or pairs with any given one of its name: the best of all that follows."""
    if not due:
        return len(given)
    first, rest = due[0], due[1:]
    best = 1 + fewest_errors(rest, given)
    for i, slot in enumerate(given):
        if slot.name == first.name:
            wrong = int(slot.value != first.value)
            best = min(best, wrong + fewest_errors(rest, given[:i] + given[i + 1 :]))
    return best


@pytest.mark.slow
def test_exact_match_semer_and_irer_are_those_of_slow_code() -> None:
    for _, _, references, hypotheses in cases(4):
        exact = due = errors = wrong = 0
        for one, other in zip(references, hypotheses, strict=True):
            each = fewest_errors(one.slots, other.slots) + (one.intent != other.intent)
            errors, due, wrong = errors + each, due + 1 + len(one.slots), wrong + (each > 0)
            exact += (
                one.intent == other.intent
                and all(slot in other.slots for slot in one.slots)
                and all(slot in one.slots for slot in other.slots)
            )
        ours = score(references, hypotheses)
        assert ours["exact_match"] == pytest.approx(exact / len(references))
        assert ours["exact_match_error"] == pytest.approx(1 - exact / len(references))
        assert ours["semer"] == pytest.approx(float(Fraction(errors, due)))
        assert ours["irer"] == pytest.approx(wrong / len(references))

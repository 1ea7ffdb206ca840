"""The NLU measures against tables computed by hand and a brute-force pairing."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.metrics.nlu import MEASURES, count, score
from understudy.utterances.frame import Frame, Slot

PAPERS = ("intent_accuracy", "slot_f1", "exact_match", "semer")

TEXT = "play jazz in the kitchen and jazz in the hall"
#       0    5    10 13  17      25  29   34 37  41

# Spans of TEXT that the table uses, by their value; "jazz" and "in" occur twice.
JAZZ, JAZZ2 = (5, 9), (29, 33)
KITCHEN, THE_KITCHEN, HALL, THE_HALL = (17, 24), (13, 24), (41, 45), (37, 45)
PLAY = (0, 4)


def frame(intent: str, *slots: tuple[str, tuple[int, int]], id: str = "1", locale: str = "en-US") -> Frame:
    return Frame(
        id=id,
        locale=locale,
        text=TEXT,
        domain="any",
        intent=intent,
        slots=tuple(Slot(name, TEXT[start:end], start, end) for name, (start, end) in slots),
    )


A = frame("a")
# reference, hypothesis, (C, S, D, I) with the intent in, (spans right, in reference, in hypothesis), exact
TABLE = {
    "no slots, right": (A, A, (1, 0, 0, 0), (0, 0, 0), True),
    "no slots, wrong intent": (A, frame("b"), (0, 1, 0, 0), (0, 0, 0), False),
    "one slot, right": (frame("a", ("g", JAZZ)), frame("a", ("g", JAZZ)), (2, 0, 0, 0), (1, 1, 1), True),
    "wrong intent only": (frame("a", ("g", JAZZ)), frame("b", ("g", JAZZ)), (1, 1, 0, 0), (1, 1, 1), False),
    "slot missing": (frame("a", ("g", JAZZ)), A, (1, 0, 1, 0), (0, 1, 0), False),
    "slot invented": (A, frame("a", ("g", JAZZ)), (1, 0, 0, 1), (0, 0, 1), False),
    "right name, wrong value": (
        frame("a", ("r", KITCHEN)),
        frame("a", ("r", HALL)),
        (1, 1, 0, 0),
        (0, 1, 1),
        False,
    ),
    "wrong name, right value": (
        frame("a", ("g", JAZZ)),
        frame("a", ("r", JAZZ)),
        (1, 0, 1, 1),
        (0, 1, 1),
        False,
    ),
    "longer span is another value": (
        frame("a", ("r", KITCHEN)),
        frame("a", ("r", THE_KITCHEN)),
        (1, 1, 0, 0),
        (0, 1, 1),
        False,
    ),
    "same value elsewhere: right for SemER, not for strict spans": (
        frame("a", ("g", JAZZ)),
        frame("a", ("g", JAZZ2)),
        (2, 0, 0, 0),
        (0, 1, 1),
        False,
    ),
    "repeated name, both right": (
        frame("a", ("r", KITCHEN), ("r", HALL)),
        frame("a", ("r", KITCHEN), ("r", HALL)),
        (3, 0, 0, 0),
        (2, 2, 2),
        True,
    ),
    "order of slots does not matter": (
        frame("a", ("r", KITCHEN), ("r", HALL)),
        frame("a", ("r", HALL), ("r", KITCHEN)),
        (3, 0, 0, 0),
        (2, 2, 2),
        True,
    ),
    "repeated name: the equal value pairs first, the other is deleted": (
        frame("a", ("r", KITCHEN), ("r", HALL)),
        frame("a", ("r", HALL)),
        (2, 0, 1, 0),
        (1, 2, 1),
        False,
    ),
    "repeated name: the equal value pairs first, the other is inserted": (
        frame("a", ("r", HALL)),
        frame("a", ("r", KITCHEN), ("r", HALL)),
        (2, 0, 0, 1),
        (1, 1, 2),
        False,
    ),
    "repeated name: one equal, one substituted": (
        frame("a", ("r", KITCHEN), ("r", HALL)),
        frame("a", ("r", HALL), ("r", PLAY)),
        (2, 1, 0, 0),
        (1, 2, 2),
        False,
    ),
    "repeated name: both substituted": (
        frame("a", ("r", KITCHEN), ("r", HALL)),
        frame("a", ("r", THE_KITCHEN), ("r", THE_HALL)),
        (1, 2, 0, 0),
        (0, 2, 2),
        False,
    ),
    "one span cut in two": (
        frame("a", ("r", THE_KITCHEN)),
        frame("a", ("r", (13, 16)), ("r", KITCHEN)),
        (1, 1, 0, 1),
        (0, 1, 2),
        False,
    ),
    "two spans joined": (
        frame("a", ("r", (13, 16)), ("r", KITCHEN)),
        frame("a", ("r", THE_KITCHEN)),
        (1, 1, 1, 0),
        (0, 2, 1),
        False,
    ),
    "equal values twice in the reference, once answered": (
        frame("a", ("g", JAZZ), ("g", JAZZ2)),
        frame("a", ("g", JAZZ)),
        (2, 0, 1, 0),
        (1, 2, 1),
        False,
    ),
    "equal values on both sides": (
        frame("a", ("g", JAZZ), ("g", JAZZ2)),
        frame("a", ("g", JAZZ), ("g", JAZZ2)),
        (3, 0, 0, 0),
        (2, 2, 2),
        True,
    ),
    "one value of two repeated is wrong": (
        frame("a", ("g", JAZZ), ("g", JAZZ2)),
        frame("a", ("g", JAZZ), ("g", HALL)),
        (2, 1, 0, 0),
        (1, 2, 2),
        False,
    ),
    "all wrong at once: intent, a value, a deletion, an insertion": (
        frame("a", ("g", JAZZ), ("r", KITCHEN)),
        frame("b", ("g", HALL), ("t", PLAY)),
        (0, 2, 1, 1),
        (0, 2, 2),
        False,
    ),
    "names swapped between two values": (
        frame("a", ("g", JAZZ), ("r", KITCHEN)),
        frame("a", ("r", JAZZ), ("g", KITCHEN)),
        (1, 2, 0, 0),
        (0, 2, 2),
        False,
    ),
    "wrong intent and every slot missing": (
        frame("a", ("g", JAZZ), ("r", KITCHEN)),
        frame("b"),
        (0, 1, 2, 0),
        (0, 2, 0),
        False,
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_counts_equal_the_table_made_by_hand(case: str) -> None:
    reference, hypothesis, semer, spans, exact = TABLE[case]
    counts = count(reference, hypothesis)
    assert (counts.correct, counts.substituted, counts.deleted, counts.inserted) == semer
    assert (counts.spans_right, counts.spans_reference, counts.spans_hypothesis) == spans
    assert counts.exact == exact


def test_pooled_fractions_are_ratios_of_sums() -> None:
    # Three utterances: C, D, I, S = (2,0,0,0), (1,1,0,0), (0,0,1,1): SemER = 3 / (3 + 1 + 1) = 0.6, while the
    # mean of the three ratios 0, 1/2, 2 would be 5/6.
    reference = [frame("a", ("g", JAZZ), id="1"), frame("a", ("g", JAZZ), id="2"), frame("a", id="3")]
    hypothesis = [frame("a", ("g", JAZZ), id="1"), frame("a", id="2"), frame("b", ("g", JAZZ), id="3")]
    result = score(reference, hypothesis)
    assert result["count"] == 3
    assert result["semer"] == pytest.approx(0.6)
    assert result["intent_accuracy"] == pytest.approx(2 / 3)
    assert result["exact_match"] == pytest.approx(1 / 3)
    assert result["slot_f1"] == pytest.approx(2 * 1 / (2 + 2))


def test_semer_may_exceed_one() -> None:
    assert score([A], [frame("b", ("g", JAZZ), ("r", HALL))])["semer"] == pytest.approx(3.0)


def test_locales_are_scored_apart_and_the_macro_mean_weighs_them_alike() -> None:
    references = [
        *(frame("a", ("g", JAZZ), id=str(n), locale="de-DE") for n in range(3)),
        frame("a", id="0", locale="ja-JP"),
    ]
    hypotheses = [
        frame("b", id="0", locale="ja-JP"),  # pairs by (id, locale), in any order
        *(frame("a", ("g", JAZZ), id=str(n), locale="de-DE") for n in range(3)),
    ]
    result = score(references, hypotheses)
    assert list(result["by_locale"]) == ["de-DE", "ja-JP"]
    german = result["by_locale"]["de-DE"]
    assert german["count"] == 3
    assert [german[name] for name in PAPERS] == [1.0, 1.0, 1.0, 0.0]
    assert result["by_locale"]["ja-JP"]["semer"] == 1.0
    assert result["exact_match"] == pytest.approx(3 / 4)
    assert result["semer"] == pytest.approx(1 / 7)
    assert set(result["macro"]) == set(MEASURES)
    assert result["by_locale"]["ja-JP"]["slot_f1"] is None  # and so the macro mean is German's
    assert result["macro"]["slot_f1"] == 1.0
    assert result["macro"]["exact_match"] == pytest.approx(1 / 2)
    assert result["macro"]["semer"] == pytest.approx(1 / 2)


@pytest.mark.parametrize(
    ("references", "hypotheses", "message"),
    [
        ([], [], "no reference frames"),
        ([A], [], "lack 1 .* id '1' \\(en-US\\)"),
        ([A], [A, frame("a", id="2")], "hold 1 frames .* id '2' \\(en-US\\)"),
        ([A], [frame("a", locale="de-DE")], "lack 1"),
        ([A, A], [A], "references hold id '1' \\(en-US\\) twice, with the same labels"),
        ([A], [A, frame("b")], "hypotheses hold id '1' \\(en-US\\) twice, with contradictory labels"),
        ([A, frame("a", locale="de-DE")], [A], "lack 1 .*, all of locale de-DE, first id '1' \\(de-DE\\)"),
    ],
)
def test_frames_that_do_not_pair_are_refused(
    references: list[Frame], hypotheses: list[Frame], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        score(references, hypotheses)


def lowest_semer(reference: Frame, hypothesis: Frame) -> Fraction:
    """The least SemER over every way to pair slots of one name, some left out: what the rule promises."""
    wanted, given_ = reference.slots, hypothesis.slots
    errors = len(wanted) + len(given_)
    # Every injection of reference slots into hypothesis slots or into nothing.
    places = [*range(len(given_)), *[None] * len(wanted)]
    for assignment in set(itertools.permutations(places, len(wanted))):
        pairs = [(slot, given_[at]) for slot, at in zip(wanted, assignment, strict=True) if at is not None]
        if any(one.name != other.name for one, other in pairs):
            continue
        wrong = sum(one.value != other.value for one, other in pairs)
        errors = min(errors, wrong + len(wanted) + len(given_) - 2 * len(pairs))
    return Fraction(errors + (reference.intent != hypothesis.intent), len(wanted) + 1)


slot_lists = st.lists(
    st.tuples(st.sampled_from("gr"), st.sampled_from([JAZZ, JAZZ2, KITCHEN, HALL])), max_size=3
)
frames = st.builds(lambda intent, slots: frame(intent, *slots), st.sampled_from("ab"), slot_lists)


@given(frames, frames)
def test_pairing_equals_brute_force(reference: Frame, hypothesis: Frame) -> None:
    assert score([reference], [hypothesis])["semer"] == pytest.approx(
        float(lowest_semer(reference, hypothesis))
    )


@given(frames)
def test_a_frame_is_perfect_against_itself(reference: Frame) -> None:
    result = score([reference], [replace(reference)])
    due = [1.0, 1.0 if reference.slots else None, 1.0, 0.0]
    assert [result[name] for name in PAPERS] == due

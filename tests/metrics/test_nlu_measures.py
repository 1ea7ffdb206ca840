"""The NLU measures against tables computed by hand and a brute-force pairing."""

from __future__ import annotations

import itertools
import re
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

JAZZ, JAZZ2, KITCHEN, HALL = (5, 9), (29, 33), (17, 24), (41, 45)


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


def parse(written: str) -> Frame:
    """An intent and slots over words of TEXT, from 0: ``a g:1 r:3-4`` is genre "jazz", room "the kitchen"."""
    intent, *slots = written.split()
    starts = [match.start() for match in re.finditer(r"\S+", TEXT)]
    ends = [match.end() for match in re.finditer(r"\S+", TEXT)]
    spans = []
    for slot in slots:
        name, words = slot.split(":")
        first, _, last = words.partition("-")
        spans.append((name, (starts[int(first)], ends[int(last or first)])))
    return frame(intent, *spans)


# 0 play 1 jazz 2 in 3 the 4 kitchen 5 and 6 jazz 7 in 8 the 9 hall
# reference, hypothesis, (C, S, D, I) with the intent in, (spans right, in reference, in hypothesis), exact
TABLE = {
    "no slots, right": ("a", "a", (1, 0, 0, 0), (0, 0, 0), True),
    "no slots, wrong intent": ("a", "b", (0, 1, 0, 0), (0, 0, 0), False),
    "one slot, right": ("a g:1", "a g:1", (2, 0, 0, 0), (1, 1, 1), True),
    "wrong intent only": ("a g:1", "b g:1", (1, 1, 0, 0), (1, 1, 1), False),
    "wrong intent only, three slots": ("a g:1 r:4 r:9", "b g:1 r:4 r:9", (3, 1, 0, 0), (3, 3, 3), False),
    "slot missing": ("a g:1", "a", (1, 0, 1, 0), (0, 1, 0), False),
    "slot invented": ("a", "a g:1", (1, 0, 0, 1), (0, 0, 1), False),
    "every slot missing": ("a g:1 r:4 t:0", "a", (1, 0, 3, 0), (0, 3, 0), False),
    "three slots invented": ("a", "a g:1 r:4 t:0", (1, 0, 0, 3), (0, 0, 3), False),
    "one of two right, one missing": ("a g:1 r:4", "a g:1", (2, 0, 1, 0), (1, 2, 1), False),
    "one right, one invented": ("a g:1", "a g:1 r:4", (2, 0, 0, 1), (1, 1, 2), False),
    "right name, wrong value": ("a r:4", "a r:9", (1, 1, 0, 0), (0, 1, 1), False),
    "wrong name, right value": ("a g:1", "a r:1", (1, 0, 1, 1), (0, 1, 1), False),
    "wrong name and wrong value": ("a g:1", "a r:9", (1, 0, 1, 1), (0, 1, 1), False),
    "two right, wrong name for the third": ("a g:1 r:4 t:0", "a g:1 r:4 u:0", (3, 0, 1, 1), (2, 3, 3), False),
    "longer span is another value": ("a r:4", "a r:3-4", (1, 1, 0, 0), (0, 1, 1), False),
    "shorter span is another value": ("a r:3-4", "a r:4", (1, 1, 0, 0), (0, 1, 1), False),
    "spans that cross": ("a r:3-4", "a r:4-5", (1, 1, 0, 0), (0, 1, 1), False),
    "equal value elsewhere: SemER's right, strict spans' wrong": (
        "a g:1",
        "a g:6",
        (2, 0, 0, 0),
        (0, 1, 1),
        False,
    ),
    "equal values of two words elsewhere": ("a r:2-3", "a r:7-8", (2, 0, 0, 0), (0, 1, 1), False),
    "repeated name, both right": ("a r:4 r:9", "a r:4 r:9", (3, 0, 0, 0), (2, 2, 2), True),
    "order of slots does not matter": ("a r:4 r:9", "a r:9 r:4", (3, 0, 0, 0), (2, 2, 2), True),
    "repeated name, first missing: equal values pair first": (
        "a r:4 r:9",
        "a r:9",
        (2, 0, 1, 0),
        (1, 2, 1),
        False,
    ),
    "repeated name, first invented: the same": ("a r:9", "a r:4 r:9", (2, 0, 0, 1), (1, 1, 2), False),
    "repeated name, one equal, one substituted": ("a r:4 r:9", "a r:9 r:0", (2, 1, 0, 0), (1, 2, 2), False),
    "repeated name, both substituted": ("a r:4 r:9", "a r:3-4 r:8-9", (1, 2, 0, 0), (0, 2, 2), False),
    "repeated name, both missing": ("a r:4 r:9", "a", (1, 0, 2, 0), (0, 2, 0), False),
    "repeated name, three due, one given wrong": ("a r:4 r:9 r:6", "a r:0", (1, 1, 2, 0), (0, 3, 1), False),
    "repeated name, one due, three given wrong": ("a r:4", "a r:0 r:6 r:9", (1, 1, 0, 2), (0, 1, 3), False),
    "repeated name, one equal, two of three wrong": (
        "a r:4 r:9",
        "a r:4 r:0 r:6",
        (2, 1, 0, 1),
        (1, 2, 3),
        False,
    ),
    "two repeated names, crossed": ("a r:4 r:9 g:1 g:6", "a r:1 r:6 g:4 g:9", (1, 4, 0, 0), (0, 4, 4), False),
    "two repeated names, one slot of each": (
        "a r:4 r:9 g:1 g:0",
        "a r:4 g:1",
        (3, 0, 2, 0),
        (2, 4, 2),
        False,
    ),
    "one span cut in two": ("a r:3-4", "a r:3 r:4", (1, 1, 0, 1), (0, 1, 2), False),
    "two spans joined": ("a r:3 r:4", "a r:3-4", (1, 1, 1, 0), (0, 2, 1), False),
    "one span cut in three": ("a r:2-4", "a r:2 r:3 r:4", (1, 1, 0, 2), (0, 1, 3), False),
    "cut elsewhere: a b + c against a + b c": ("a r:2-3 r:4", "a r:2 r:3-4", (1, 2, 0, 0), (0, 2, 2), False),
    "cut in two names": ("a r:3-4", "a q:3 r:4", (1, 1, 0, 1), (0, 1, 2), False),
    "cut elsewhere, values equal": (
        "a r:2-3 r:7",
        "a r:2 r:3 r:7-8",
        (3, 0, 0, 1),
        (0, 2, 3),
        False,
    ),
    "equal values twice, once answered": ("a g:1 g:6", "a g:1", (2, 0, 1, 0), (1, 2, 1), False),
    "equal values twice, the other answered": ("a g:1 g:6", "a g:6", (2, 0, 1, 0), (1, 2, 1), False),
    "equal value once, answered twice": ("a g:1", "a g:1 g:6", (2, 0, 0, 1), (1, 1, 2), False),
    "equal values on both sides": ("a g:1 g:6", "a g:1 g:6", (3, 0, 0, 0), (2, 2, 2), True),
    "one value of two repeated is wrong": ("a g:1 g:6", "a g:1 g:9", (2, 1, 0, 0), (1, 2, 2), False),
    "equal values under two names, names swapped": ("a g:1 r:6", "a r:1 g:6", (3, 0, 0, 0), (0, 2, 2), False),
    "names swapped between two values": ("a g:1 r:4", "a r:1 g:4", (1, 2, 0, 0), (0, 2, 2), False),
    "all wrong at once": ("a g:1 r:4", "b g:9 t:0", (0, 2, 1, 1), (0, 2, 2), False),
    "wrong intent and every slot missing": ("a g:1 r:4", "b", (0, 1, 2, 0), (0, 2, 0), False),
    "wrong intent and every slot invented": ("a", "b g:1 r:4", (0, 1, 0, 2), (0, 0, 2), False),
    "the whole text, and a word of it": ("a q:0-9", "a q:0", (1, 1, 0, 0), (0, 1, 1), False),
}


@pytest.mark.parametrize("case", TABLE)
def test_counts_equal_the_table_made_by_hand(case: str) -> None:
    reference, hypothesis, semer, spans, exact = TABLE[case]
    counts = count(parse(reference), parse(hypothesis))
    assert (counts.correct, counts.substituted, counts.deleted, counts.inserted) == semer
    assert (counts.spans_right, counts.spans_reference, counts.spans_hypothesis) == spans
    assert counts.exact == exact
    assert counts.interpreted == (semer[1:] == (0, 0, 0))


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

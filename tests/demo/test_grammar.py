"""The grammar engine: offsets, spaces, scopes, weights, and errors for grammars that do not parse."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.demo.grammar import Grammar, GrammarError, Scope


def test_slots_carry_exact_offsets_through_nesting_and_choices():
    grammar = Grammar(
        [
            "say:\n  put [amount] {thing} on it\namount!: two (big|) bags",
            "thing!: of [item=food]\nfood!: Rye Bread",
        ],
        lower=True,
    )
    for seed in range(20):
        found = grammar.expand("say", Random(seed), Scope.TRAIN)
        values = {name: found.text[start:end] for name, start, end in found.slots}
        assert values["item"] == "rye bread"
        assert values["amount"] in ("two bags", "two big bags")
        assert found.text in (f"put {amount} of rye bread on it" for amount in ("two bags", "two big bags"))


def test_empty_choices_leave_no_spaces_and_slots_are_trimmed():
    grammar = Grammar(["a!: {e} x {e} [s] {e}\nb!: x[s]z\ne!: ~\ns!: {e} y {e}"])
    found = grammar.expand("a", Random(0), Scope.ALL)
    assert (found.text, found.slots) == ("x y", (("s", 2, 3),))
    found = grammar.expand("b", Random(0), Scope.ALL)
    assert (found.text, found.slots) == ("x y z", (("s", 2, 3),))


def test_numbers_and_capitals():
    grammar = Grammar(["a!: {w^} {7..9} {w}\nw!: old town"])
    assert grammar.expand("a", Random(0), Scope.ALL).text in {f"Old Town {n} old town" for n in (7, 8, 9)}


def test_scopes_hold_out_every_third_and_sixth_and_fifth():
    grammar = Grammar(["a: a0 | a1 | a2 | a3 | a4 | a5 | a6 | a7 | a8\nb!: b0 | b1 | b2 | b3 | b4 | b5"])
    reached = {
        scope: {grammar.expand("a", Random(seed), scope).text for seed in range(400)} for scope in Scope
    }
    assert reached[Scope.TRAIN] == {"a0", "a1", "a3", "a6", "a7"}
    assert reached[Scope.WIDE] == reached[Scope.TRAIN] | {"a2", "a5", "a8"}
    assert reached[Scope.ALL] == reached[Scope.WIDE] | {"a4"}
    closed = {grammar.expand("b", Random(seed), Scope.TRAIN).text for seed in range(200)}
    assert len(closed) == 6


def test_expansion_says_which_scope_it_needed():
    grammar = Grammar(["a: a0 | a1 | a2 | a3 | a4"])
    needed = {grammar.expand("a", Random(0), Scope.ALL, k).scope for k in (0, 1, 3)}
    assert needed == {Scope.TRAIN}
    assert grammar.expand("a", Random(0), Scope.ALL, 2).scope is Scope.WIDE
    assert grammar.expand("a", Random(0), Scope.ALL, 4).scope is Scope.ALL


def test_weights_fall_like_one_over_rank_plus_one():
    grammar = Grammar(["a: a0 | a1"])  # 1/2 : 1/3
    random = Random(1)
    counts = Counter(grammar.expand("a", random, Scope.ALL).text for _ in range(5000))
    assert counts["a0"] / 5000 == pytest.approx(0.6, abs=0.03)


def test_a_list_of_words_seldom_repeats_within_a_text():
    grammar = Grammar(["a!: {w} to {w}\nw: u | v | w | x | y | z"])
    random = Random(2)
    repeats = sum(len(set(grammar.expand("a", random, Scope.ALL).text.split())) == 2 for _ in range(1000))
    assert repeats < 30  # 0.3 ** 4 at most, against 20 % when drawn independently


@given(st.integers())
def test_same_seed_same_text(seed):
    grammar = Grammar(["a: {b} {b} | {b}\nb: c | d | e {1..99}"])
    assert grammar.expand("a", Random(seed), Scope.ALL) == grammar.expand("a", Random(seed), Scope.ALL)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a: {b}", "not defined: b"),
        ("a: x\na: y", "twice"),
        ("a: (x", "without"),
        ("a: x)", "without"),
        ("a: {B}", "cannot read"),
        ("  x", "neither a rule"),
        ("a: [s=b]\nb: [t=c]\nc: x", "holds another slot"),
    ],
)
def test_a_broken_grammar_says_what_is_wrong(source, message):
    with pytest.raises(GrammarError, match=message):
        Grammar([source])

"""How many rows of each language and kind, and which (paper A 2.1).

Languages within a kind: q_i = p_i^alpha / sum_j p_j^alpha with p_i = n_i / sum_k n_k. Kinds: the mix. Rows
are repeated or left out so that counts are met exactly: of n rows for a target t every row is taken t // n
times, and the t % n rows with the smallest draws once more.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from understudy.core.errors import UserError

Group = tuple[str, str]
"""(kind, language)"""
_Name = TypeVar("_Name", bound=Hashable)


def language_shares(rows: Mapping[str, int], alpha: float) -> dict[str, float]:
    """q_i for each language with n_i = ``rows[i]`` > 0; the shares sum to 1."""
    total = sum(rows.values())
    raised = {language: (n / total) ** alpha for language, n in rows.items()}
    whole = sum(raised.values())
    return {language: value / whole for language, value in raised.items()}


def apportion(total: int, shares: Mapping[_Name, float]) -> dict[_Name, int]:
    """Whole numbers that sum to ``total``, each within 1 of its share: largest remainder, ties by name."""
    whole = sum(shares.values())
    exact = {name: total * share / whole for name, share in shares.items()}
    counts = {name: int(value) for name, value in exact.items()}
    short = total - sum(counts.values())
    by_remainder = sorted(exact, key=lambda name: (counts[name] - exact[name], str(name)))
    for name in by_remainder[:short]:
        counts[name] += 1
    return counts


def plan(
    rows: Mapping[Group, int], alpha: float, mix: tuple[float, float], examples: int | None
) -> dict[Group, int]:
    """The number of rows of each (kind, language) after sampling.

    Args:
        rows: rows there are, all > 0.
        alpha: the exponent of language sampling, within each kind.
        mix: public : in-domain; used where both kinds are there.
        examples: rows in all. None: one kind keeps its total; of two, the in-domain total is kept, for it is
            the scarce one, and public text is sampled to its share (a mix without in-domain keeps public's).

    Raises:
        UserError: a negative mix, or one that leaves nothing.
    """
    kinds = sorted({kind for kind, _ in rows})
    there = {kind: sum(n for (k, _), n in rows.items() if k == kind) for kind in kinds}
    parts = (
        dict(zip(("public", "in_domain"), mix, strict=True)) if len(kinds) == 2 else dict.fromkeys(kinds, 1.0)
    )
    if min(parts.values()) < 0 or sum(parts.values()) <= 0:
        raise UserError(
            "the mix is public : in-domain, such as [1, 2]: none negative, not both 0", place="mix"
        )
    if examples is None:
        base = "in_domain" if parts.get("in_domain") else "public"
        totals = {kind: round(there[base] * part / parts[base]) for kind, part in parts.items()}
    else:
        totals = apportion(examples, parts)
    return {
        (kind, language): count
        for kind in kinds
        for language, count in apportion(
            totals[kind], language_shares({lang: n for (k, lang), n in rows.items() if k == kind}, alpha)
        ).items()
    }


def repeats(draws: list[int], target: int) -> list[int]:
    """How often each row, given by its draw, is taken so that ``target`` rows come out."""
    quotient, remainder = divmod(target, len(draws))
    lucky = set(sorted(range(len(draws)), key=draws.__getitem__)[:remainder])
    return [quotient + (row in lucky) for row in range(len(draws))]

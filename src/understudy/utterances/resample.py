"""Equal numbers of utterances in every language, domain by domain, and new splits of them (paper B A.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from understudy.core.errors import UserError
from understudy.corpus.draw import draw
from understudy.corpus.sampling import apportion
from understudy.utterances.frame import PARTITIONS, Frame, Partition, Tail, Utterance
from understudy.utterances.given import Shares, side


def domain_sizes(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Utterances a language of each domain: what the language with the second-largest count has.

    Args:
        counts: by locale, then domain. A domain that only one locale has keeps that count there.
    """
    domains = {domain for of_locale in counts.values() for domain in of_locale}
    sizes = {}
    for domain in sorted(domains):
        largest = sorted((of_locale.get(domain, 0) for of_locale in counts.values()), reverse=True)
        sizes[domain] = largest[1] if len(largest) > 1 and largest[1] else largest[0]
    return sizes


def resample(
    frames: Sequence[Frame], shares: Shares, seed: int, *, texts_together: bool = False
) -> list[Utterance]:
    """Draw every locale's utterances, with replacement, to the sizes of :func:`domain_sizes`, and split them.

    Choices hang on seed, locale, domain and the frames themselves, not on their order. The copies of one
    utterance get ids of their own (``12``, ``12~1``, ``12~2``).

    Args:
        shares: of train, dev and test; met exactly in every locale and domain (largest remainders).
        texts_together: keep equal texts on one side of the split; its shares are then met on average. In the
            paper copies fall on either side, as live traffic does.

    Raises:
        UserError: a domain that a locale lacks altogether.
    """
    pools: dict[str, dict[str, list[Frame]]] = {}
    for frame in sorted(frames, key=lambda frame: (frame.locale, frame.domain, frame.id, frame.text)):
        pools.setdefault(frame.locale, {}).setdefault(frame.domain, []).append(frame)
    sizes = domain_sizes(
        {locale: {domain: len(pool) for domain, pool in of.items()} for locale, of in pools.items()}
    )
    out: list[Utterance] = []
    for locale, of_domain in pools.items():
        for domain, size in sizes.items():
            pool = of_domain.get(domain)
            if pool is None:
                raise UserError(f"locale '{locale}' has no utterance of domain '{domain}' to draw from")
            drawn = [pool[_draw(seed, locale, domain, "take", i) % len(pool)] for i in range(size)]
            copies: Counter[str] = Counter()
            sides = _sides(seed, locale, domain, size, shares)
            for frame, partition in zip(drawn, sides, strict=True):
                copy = copies[frame.id]
                copies[frame.id] += 1
                chosen = side(f"{seed}\n{frame.text}", shares) if texts_together else partition
                named = replace(frame, id=f"{frame.id}~{copy}") if copy else frame
                out.append(Utterance(named, chosen))
    return out


def _sides(seed: int, locale: str, domain: str, size: int, shares: Shares) -> list[Partition]:
    """Exact shares, dealt out by draws: row by row a side."""
    counts = apportion(size, dict(enumerate(shares)))
    order = sorted(range(size), key=lambda i: _draw(seed, locale, domain, "split", i))
    sides: list[Partition] = ["train"] * size
    bounds = (counts[0], counts[0] + counts[1])
    for rank, i in enumerate(order):
        sides[i] = PARTITIONS[(rank >= bounds[0]) + (rank >= bounds[1])]
    return sides


def _draw(seed: int, *parts: object) -> int:
    return draw("\n".join(map(str, (seed, *parts))), b"")


def tails(frames: Sequence[Frame], at_most: int = 3, top: int = 500) -> list[Tail]:
    """Mark each frame by how often its text stands among those of its locale; case does not count.

    Of equally frequent texts the alphabetically first are among the ``top``.
    """
    seen: dict[str, Counter[str]] = {}
    for frame in frames:
        seen.setdefault(frame.locale, Counter())[frame.text.lower()] += 1
    head = {
        locale: {text for text, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:top]}
        for locale, counts in seen.items()
    }
    return [
        Tail(seen[frame.locale][text] <= at_most, text not in head[frame.locale])
        for frame in frames
        for text in (frame.text.lower(),)
    ]

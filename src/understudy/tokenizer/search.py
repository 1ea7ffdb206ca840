"""Growing a vocabulary until split ratio and unk portion match a reference tokenizer (paper A 2.3).

The unk portion hangs on which characters are pieces, and hardly on the size: the characters are chosen first,
by counting. The split ratio falls with the size, which is then found by bisection over its logarithm.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.core.recipe.vocabulary import Match
from understudy.tokenizer.alphabet import choose, count_characters
from understudy.tokenizer.measures import Batches, PieceCounts, count_by_language, numbers
from understudy.tokenizer.reference import load_splitter
from understudy.tokenizer.sample import GIGABYTE, Sample
from understudy.tokenizer.subwords import TOKENIZER_FILES, Subwords
from understudy.tokenizer.train import VocabularyError, train_on, write_seeds

STEP = 64
"""Sizes are multiples of this, which matrix products like; and nothing finer is looked for."""

Numbers = dict[str, Any]


class Search:
    """The trainings of one search, each kept in a folder of its own until the search is over.

    Args:
        config: the reference and the bounds.
        sample: the text to train on.
        held_out: gives the text that both tokenizers are measured on, as often as it is called.
        characters: that must be pieces.
        coverage: as :func:`train_on`.
        folder: for what is kept; a search that was killed goes on from there.
    """

    def __init__(
        self,
        config: Match,
        sample: Sample,
        held_out: Callable[[], Batches],
        characters: str,
        coverage: float,
        folder: Path,
    ) -> None:
        self._config, self._sample, self._held_out = config, sample, held_out
        self._characters, self._coverage, self._folder = characters, coverage, folder
        self._trials: dict[int, Numbers] = {}
        self._short: dict[int, Numbers] = {}
        """Trained by the short cut; set aside once a size that it found is none in full."""
        self._in_full = False
        reference = load_splitter(Path(config.match))
        counts = count_by_language(reference, held_out())
        self._goal = sum(counts.values(), PieceCounts())
        if not self._goal.pieces:
            raise UserError("the held-out text is empty; prepare more text or raise 'validation_share'")
        self.reference = {
            "path": config.match,
            "vocabulary": reference.vocabulary_size,
            **numbers(counts),
        }

    def run(self, out: Path) -> Numbers:
        """Find the size, and write the tokenizer of it, trained in full, into ``out``.

        Returns:
            ``reference``; ``curve``, a row for each size trained, with ``vocabulary``, ``split_ratio``,
            ``unk_portion``, ``by_language``, ``in_full``, ``seconds`` and ``peak_gb``; ``matched``, of each
            measure; ``added_characters``, how many; and ``trainings``.

        Raises:
            UserError: the reference cannot be read, or cannot be matched: with what would do.
        """
        added = self._choose_characters()
        size = self._find_size()
        self._short = {s: row for s, row in self._trials.items() if not row["in_full"]}
        self._trials = {s: row for s, row in self._trials.items() if row["in_full"]}
        self._in_full = True
        if abs(self._error(self._ratio(size))) > self._config.tolerance:
            size = self._find_size()
        final = self._trials[size]
        for name in TOKENIZER_FILES:
            shutil.copyfile(self._home(size) / name, out / name)
        rows = (self._short | self._trials).values()
        curve = sorted((r for r in rows if "problem" not in r), key=lambda row: int(row["vocabulary"]))
        return {
            "reference": self.reference,
            "matched": {
                "split_ratio": abs(self._error(final["split_ratio"])) <= self._config.tolerance,
                "unk_portion": final["unk_portion"] <= self._goal.unk_portion + self._config.unk_tolerance,
            },
            "added_characters": len(added),
            "trainings": self._trainings,
            "curve": curve,
        }

    def _choose_characters(self) -> str:
        limit = self._goal.unk_portion + self._config.unk_tolerance
        # The split ratio, and with it the number of pieces, may come out lower by the tolerance.
        allowed = limit * self._goal.pieces * (1 - self._config.tolerance)
        with self._sample.path.open(encoding="utf-8") as lines:
            counts = count_characters(lines)
        texts = (text for batch, _ in self._held_out() for text in batch)
        alphabet = choose(counts, self._coverage, self._characters, texts, allowed)
        if alphabet.unknown > allowed:
            raise UserError(
                f"with every character of the sample {alphabet.unknown:,} pieces of the held-out text are "
                f"unknown, and {int(allowed):,} would match the reference; sample more 'sentences', name "
                "'characters', or raise 'unk_tolerance'",
                place="vocabulary",
            )
        self._characters += alphabet.added
        return alphabet.added

    def _find_size(self) -> int:
        """The size, of those tried, whose split ratio is nearest to the reference's."""
        largest = self._largest()
        if self._error(self._ratio(largest)) > self._config.tolerance:
            raise UserError(
                f"{largest:,} pieces split into {self._ratio(largest):.3f} a word, and the reference into "
                f"{self._goal.split_ratio:.3f}; raise 'largest', 'sentences' or 'tolerance'",
                place="vocabulary",
            )
        # The short cut may cost a tenth of a percent, and a training is kept for what it finds.
        close = self._config.tolerance * (1.0 if self._in_full else 0.8)
        bound = self._config.trainings - (0 if self._in_full else 1)
        while self._trainings < bound:
            errors = {size: self._error(self._ratio(size)) for size in self._trials}
            if min(map(abs, errors.values())) <= close:
                break
            low = max((s for s, error in errors.items() if error > 0), default=self._config.smallest)
            high = min(s for s, error in errors.items() if error <= 0)
            size = self._between(low, high)
            if not low < size < high:
                break
            self._ratio(size)
        return min(self._trials, key=lambda size: abs(self._error(self._ratio(size))))

    @property
    def _trainings(self) -> int:
        return len(self._short) + len(self._trials)

    def _between(self, low: int, high: int) -> int:
        """The middle by logarithm; or where a straight line through both ends meets the reference."""
        share = 0.5
        if low in self._trials and math.isfinite(self._ratio(low)):
            above, below = self._error(self._ratio(low)), self._error(self._ratio(high))
            share = min(0.9, max(0.1, above / (above - below)))
        return int(round(low * (high / low) ** share / STEP) * STEP)

    def _error(self, split_ratio: float) -> float:
        """Of the reference's split ratio; positive where more pieces are needed."""
        return split_ratio / self._goal.split_ratio - 1

    def _ratio(self, size: int) -> float:
        """Of a size, which is trained if it was not; infinite where it cannot hold the characters."""
        if size not in self._trials:
            self._trials[size] = self._trial(size)
        ratio = self._trials[size]["split_ratio"]
        return math.inf if ratio is None else float(ratio)

    def _largest(self) -> int:
        """The largest size that is asked for and that the text can fill."""
        bound = self._folder / "largest.json"
        size = int(read_json(bound)) if bound.exists() else self._config.largest
        try:
            self._ratio(size)
        except VocabularyError as error:
            if error.largest is None or error.largest <= self._config.smallest:
                raise
            size = error.largest
            write_json(bound, size)
            self._ratio(size)
        return size

    def _home(self, size: int) -> Path:
        """Where a size is kept; the largest is always trained in full."""
        in_full = self._in_full or not any(other > size for other in self._trials)
        return self._folder / (f"{size}-in-full" if in_full else str(size))

    def _trial(self, size: int) -> Numbers:
        folder, seeds = self._home(size), None
        if (folder / "measures.json").exists():
            kept: Numbers = read_json(folder / "measures.json")
            return kept
        larger = [other for other in self._trials if other > size]
        if larger and not self._in_full:
            seeds = self._folder / "seeds.tsv"
            write_seeds(Subwords.load(self._home(min(larger))), seeds)
        try:
            trained = train_on(
                self._sample, size, folder, characters=self._characters, coverage=self._coverage, seeds=seeds
            )
            measures = {
                "vocabulary": size,
                **numbers(count_by_language(trained.subwords, self._held_out())),
                "seconds": round(trained.seconds, 1),
                "peak_gb": round(trained.peak_memory / GIGABYTE, 3),
            }
        except VocabularyError as error:
            if error.largest is not None:
                raise
            folder.mkdir(parents=True, exist_ok=True)
            measures = {"vocabulary": size, "split_ratio": None, "problem": error.problem}
        measures["in_full"] = seeds is None
        write_json(folder / "measures.json", measures)
        return measures

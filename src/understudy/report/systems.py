"""The evaluated systems of a run, seeds together, and their comparison with chosen baselines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from understudy.core.artifact import Artifact
from understudy.metrics.compare import comparison
from understudy.metrics.confidence import Outcomes
from understudy.metrics.heads import answered, judge
from understudy.metrics.measures import MEASURES
from understudy.metrics.pairs import paired
from understudy.metrics.systems import PREDICTIONS, REFERENCES
from understudy.metrics.table import Table as Counted
from understudy.metrics.test_set import Measured
from understudy.utterances.frame import Frame
from understudy.utterances.read import read_frames

Pairs = list[tuple[Frame, Frame]]

RESAMPLINGS = 1000
"""Of the bootstrap: an interval moves by less than its last digit, and a page is made in seconds."""

HEADS = ("domain", "intent", "slots")


@dataclass
class System:
    """Runs that differ by their seed alone."""

    title: str
    base: str
    """The step that was fine-tuned, or ``random``."""
    runs: list[tuple[Artifact, ...]]
    """Of each seed its evaluation; several where there is a model for each domain, which answer together."""
    encoder: Artifact | None
    frozen: bool
    by_domain: bool = False
    """Whether a model of one domain each, or of one alone."""
    tables: list[Counted] = field(default_factory=list)
    """A run each."""
    rare: list[Counted] = field(default_factory=list)
    """The same of utterances that are marked as rare."""
    slots_due: int = 0
    """Of the first run, as what follows."""
    slot_errors: Counter[str] = field(default_factory=Counter)
    """By kind."""
    outcomes: dict[str, Outcomes] = field(default_factory=dict)
    """Confidences of each head, and whether they were right."""
    without: dict[str, str] = field(default_factory=dict)
    """Heads whose confidence is not known, each with the reason."""
    rejected: float | None = None
    """Share of the answers; None where they are not marked."""

    @property
    def evaluations(self) -> list[Artifact]:
        """Of all runs."""
        return [evaluation for run in self.runs for evaluation in run]

    @property
    def heads(self) -> tuple[str, ...]:
        """Of the model; all where its evaluation does not say."""
        return tuple(self.evaluations[0].numbers.get("heads") or HEADS)

    @property
    def unanswered(self) -> dict[str, str]:
        """Measures of what the model has no head for, each with the reason."""
        reasons: dict[str, str] = answered(dict.fromkeys(MEASURES, 0.0), self.heads).get("undefined", {})
        if self.by_domain:
            reasons |= dict.fromkeys(
                ("domain_accuracy", "domain_f1"), "each model knows its domain beforehand"
            )
        return reasons

    @property
    def parameters(self) -> int:
        """Of the first model, as served."""
        return int(self.evaluations[0].numbers["parameters"])

    def pairs(self) -> Pairs:
        """References and answers of the first run.

        Raises:
            UserError: a file is missing or bad.
        """
        return [pair for evaluation in self.runs[0] for pair in read_pairs(evaluation)]


@dataclass
class Group:
    """Systems that learnt from one label set and were judged on one test set."""

    labels: str
    split: str
    train_utterances: int
    systems: list[System]
    references: list[Frame]
    test_set: str
    """Fingerprint of the references."""
    _compared: dict[Any, dict[str, Any]] = field(default_factory=dict)

    def against(
        self, baseline: System, among: Sequence[System] | None = None, *, rare: bool = False
    ) -> dict[str, Any]:
        """:func:`~understudy.metrics.compare.comparison` with a baseline; made once for every question."""
        others = [each for each in (self.systems if among is None else among) if each is not baseline]
        key = (rare, baseline.title, *(each.title for each in others))
        if key not in self._compared:
            tables = {system.title: system.rare if rare else system.tables for system in (baseline, *others)}
            compared = comparison(Measured("", tables, self.references), resamplings=RESAMPLINGS)
            _blank_unanswered(compared, {system.title: system for system in (baseline, *others)})
            self._compared[key] = compared
        return self._compared[key]

    @property
    def measures(self) -> Mapping[str, Any]:
        """System -> kind -> part -> measure -> value, sd, interval."""
        compared = self.against(self.systems[0])
        return {name: row["measures"] for name, row in compared["systems"].items()}

    @property
    def measure(self) -> str:
        """The measure that stands for all heads: exact match, where models have heads for it."""
        return judge(self.systems[0].heads)

    @property
    def understudy(self) -> System:
        """The one that goes on stage: the smallest that was distilled, else the best."""
        distilled = [
            system
            for system in self.systems
            if system.encoder is not None and system.encoder.manifest.stage == "distill" and not system.frozen
        ]
        if distilled:
            return min(distilled, key=lambda system: (system.parameters, -self.quality(system)))
        return max(self.systems, key=self.quality)

    def quality(self, system: System) -> float:
        """:attr:`measure`, macro over locales, mean over seeds; -1 of a model that lacks a head for it."""
        value = self.measures[system.title]["all"]["macro"][self.measure]["value"]
        return -1.0 if value is None else float(value)


def read_pairs(evaluation: Artifact, references: Sequence[Frame] | None = None) -> Pairs:
    """References and answers of an evaluation.

    Raises:
        UserError: a file is missing or bad.
    """
    due = read_frames(evaluation.file(REFERENCES)) if references is None else references
    return paired(due, read_frames(evaluation.file(PREDICTIONS)))


def _blank_unanswered(compared: dict[str, Any], systems: Mapping[str, System]) -> None:
    """Take the value from every measure that a model, or the baseline, has no head for; say why."""
    of_baseline = systems[compared["baseline"]].unanswered
    for name, system in systems.items():
        _blank(compared["systems"][name]["measures"], system.unanswered)
        if name in compared["changes"]:
            _blank(compared["changes"][name]["measures"], {**of_baseline, **system.unanswered})


def _blank(measures: Mapping[str, Any], reasons: Mapping[str, str]) -> None:
    for parts in measures.values():
        for cells in parts.values():
            for name in cells.keys() & reasons.keys():
                cells[name] = dict.fromkeys(cells[name]) | {"undefined": reasons[name]}

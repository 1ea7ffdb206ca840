"""The evaluated systems of a run, seeds together, counted once and compared with chosen baselines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.files import fingerprint_of
from understudy.metrics.compare import comparison
from understudy.metrics.heads import answered
from understudy.metrics.measures import MEASURES
from understudy.metrics.pairs import paired
from understudy.metrics.systems import PREDICTIONS, REFERENCES, grouped
from understudy.metrics.table import Table as Counted
from understudy.metrics.table import tabulate
from understudy.metrics.test_set import Measured, fingerprint_of_test_set
from understudy.report.run import RANDOM, Run
from understudy.utterances.frame import Frame
from understudy.utterances.read import read_frames

Pairs = list[tuple[Frame, Frame]]

RESAMPLINGS = 1000
"""Of the bootstrap: an interval moves by less than its last digit, and a page is made in seconds."""


@dataclass
class System:
    """Runs that differ by their seed alone."""

    title: str
    base: str
    """The step that was fine-tuned, or ``random``."""
    evaluations: list[Artifact]
    encoder: Artifact | None
    frozen: bool
    tables: list[Counted] = field(default_factory=list)
    rare: list[Counted] = field(default_factory=list)
    """The same of utterances that are marked as rare."""

    @property
    def unanswered(self) -> dict[str, str]:
        """Measures of what the model has no head for, each with the reason."""
        heads = self.evaluations[0].numbers.get("heads")
        if heads is None:
            return {}
        reasons: dict[str, str] = answered(dict.fromkeys(MEASURES, 0.0), heads).get("undefined", {})
        return reasons

    @property
    def parameters(self) -> int:
        """Of the first seed, as served."""
        return int(self.evaluations[0].numbers["parameters"])


@dataclass
class Group:
    """Systems that learnt from one label set and were judged on one test set."""

    labels: str
    split: str
    train_utterances: int
    systems: list[System]
    references: list[Frame]
    _compared: dict[Any, dict[str, Any]] = field(default_factory=dict)

    def against(
        self, baseline: System, among: Sequence[System] | None = None, *, rare: bool = False
    ) -> dict[str, Any]:
        """:func:`~understudy.metrics.compare.comparison` with a baseline; counted once for every question."""
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
    def understudy(self) -> System:
        """The one that goes on stage: the smallest that was distilled and teaches nobody, else the best."""
        distilled = [
            system
            for system in self.systems
            if system.encoder is not None and system.encoder.manifest.stage == "distill" and not system.frozen
        ]
        if distilled:
            return min(distilled, key=lambda system: (system.parameters, -self.exact_match(system)))
        return max(self.systems, key=self.exact_match)

    def exact_match(self, system: System) -> float:
        """Macro over locales, mean over seeds; -1 of a model that lacks a head for it."""
        value = self.measures[system.title]["all"]["macro"]["exact_match"]["value"]
        return -1.0 if value is None else float(value)


def groups(run: Run) -> tuple[list[Group], list[str]]:
    """The groups of a run, and of each that cannot be compared, why."""
    found: dict[tuple[str, str, str], list[Artifact]] = {}
    for evaluation in run.evaluations():
        numbers, config = evaluation.numbers, evaluation.manifest.config
        key = (numbers["labels"] + _share(run, evaluation), config["labels"], numbers["split"])
        found.setdefault(key, []).append(evaluation)
    made, failed = [], []
    for (labels, _, split), evaluations in found.items():
        try:
            made.append(_group(run, labels, split, evaluations))
        except UserError as error:
            failed.append(f"Labels {labels}, {split} split: {error}")
    return made, failed


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


def _share(run: Run, evaluation: Artifact) -> str:
    """The domain or locales of a model that was taught and judged on these alone."""
    tuned = run.tuned(evaluation)
    config = {} if tuned is None else tuned.manifest.config
    shares = [config.get("domain"), *(config.get("locales") or ())]
    return "".join(f", {share}" for share in shares if share)


def read_pairs(evaluation: Artifact, references: Sequence[Frame] | None = None) -> Pairs:
    """References and answers of an evaluation.

    Raises:
        UserError: a file is missing or bad.
    """
    due = read_frames(evaluation.file(REFERENCES)) if references is None else references
    return paired(due, read_frames(evaluation.file(PREDICTIONS)))


def _group(run: Run, labels: str, split: str, evaluations: Sequence[Artifact]) -> Group:
    first = evaluations[0]
    references = read_frames(first.file(REFERENCES))
    asked, shared = fingerprint_of(first.file(REFERENCES)), fingerprint_of_test_set(references)
    systems = _named(run, evaluations)
    for system in systems:
        for evaluation in system.evaluations:
            file = evaluation.file(REFERENCES)
            if fingerprint_of(file) != asked and fingerprint_of_test_set(read_frames(file)) != shared:
                raise UserError(f"not the references of {first.path.name}; nothing is compared", file=file)
            pairs = read_pairs(evaluation, references)
            system.tables.append(tabulate(pairs))
            rare = [pair for pair in pairs if pair[0].tail is not None and pair[0].tail.rare]
            if rare:
                system.rare.append(tabulate(rare))
    train = int(first.numbers["train_utterances"])
    return Group(labels, split, train, systems, references)


def _named(run: Run, evaluations: Sequence[Artifact]) -> list[System]:
    """Systems with titles that differ."""
    by_path = {str(evaluation.path): evaluation for evaluation in evaluations}
    systems = []
    for group in grouped([evaluation.path for evaluation in evaluations]):
        members = [by_path[each.name] for each in group.runs]
        base = members[0].numbers["base"] or RANDOM
        tuned = run.tuned(members[0])
        frozen = bool(tuned is not None and tuned.manifest.config.get("frozen"))
        title = run.titles.get(base) or _seedless(run, members, base)
        systems.append(System(title, base, members, run.encoder(members[0]), frozen))
    for system in systems:
        system.title += ", frozen" if system.frozen else ""
    times = Counter(system.title for system in systems)
    for system in systems:
        if times[system.title] > 1:
            system.title = f"{system.title} ({system.evaluations[0].path.name})"
    return systems


def _seedless(run: Run, members: Sequence[Artifact], base: str) -> str:
    """The base's name; of seeds that each have their own base, what their names begin with."""
    bases = {member.numbers["base"] or RANDOM for member in members}
    if len(bases) == 1:
        return base
    name = base.rstrip("0123456789").rstrip("-").removesuffix("-seed")
    return run.titles.get(name, name)

"""Which evaluations of a run are seeds of one system, and which systems can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.files import fingerprint_of
from understudy.metrics.confidence import outcomes
from understudy.metrics.systems import REFERENCES, grouped
from understudy.metrics.table import tabulate
from understudy.metrics.test_set import fingerprint_of_test_set
from understudy.report.errors import slot_errors
from understudy.report.run import RANDOM, Run
from understudy.report.systems import Group, Pairs, System, read_pairs
from understudy.utterances.frame import Frame
from understudy.utterances.read import read_frames


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


def _share(run: Run, evaluation: Artifact) -> str:
    """What a model was taught and judged on, where that is not all of the label set."""
    locales = _taught(run, evaluation, "locales") or ()
    assert isinstance(locales, list | tuple)
    by_domain = [", a model for each domain"] if _taught(run, evaluation, "domain") else []
    return "".join([*by_domain, *(f", {locale}" for locale in locales)])


def _taught(run: Run, evaluation: Artifact, key: str) -> object:
    tuned = run.tuned(evaluation)
    return None if tuned is None else tuned.manifest.config.get(key)


def _group(run: Run, labels: str, split: str, evaluations: Sequence[Artifact]) -> Group:
    systems = _systems(run, evaluations)
    first = systems[0].runs[0]
    references = [frame for evaluation in first for frame in read_frames(evaluation.file(REFERENCES))]
    shared = fingerprint_of_test_set(references)
    asked = [fingerprint_of(evaluation.file(REFERENCES)) for evaluation in first]
    for system in systems:
        for each in system.runs:
            same = [fingerprint_of(evaluation.file(REFERENCES)) for evaluation in each] == asked
            pairs = [pair for evaluation in each for pair in read_pairs(evaluation)]
            if not same and fingerprint_of_test_set([due for due, _ in pairs]) != shared:
                names = " and ".join(evaluation.path.name for evaluation in first)
                raise UserError(f"not the references of {names}; nothing is compared", file=each[0].path)
            if not system.tables:
                _look(system, pairs)
            _count(system, _in_order(pairs, references))
    train = sum(int(evaluation.numbers["train_utterances"]) for evaluation in first)
    return Group(labels, split, train, systems, references, shared)


def _in_order(pairs: Pairs, references: Sequence[Frame]) -> Pairs:
    """The pairs in the order of the references, as a comparison row by row needs them."""
    by_key = {(due.locale, due.id): given for due, given in pairs}
    return [(due, by_key[due.locale, due.id]) for due in references]


def _count(system: System, pairs: Pairs) -> None:
    system.tables.append(tabulate(pairs))
    rare = [pair for pair in pairs if pair[0].tail is not None and pair[0].tail.rare]
    if rare:
        system.rare.append(tabulate(rare))


def _look(system: System, pairs: Pairs) -> None:
    """What the sections say of a run beyond its measures; so that files are read once."""
    system.slots_due = sum(len(due.slots) for due, _ in pairs)
    system.slot_errors.update(error.kind for pair in pairs for error in slot_errors(*pair))
    system.outcomes, system.without = outcomes(pairs)
    marks = [given.rejected for _, given in pairs if given.rejected is not None]
    system.rejected = sum(marks) / len(marks) if marks else None


def _systems(run: Run, evaluations: Sequence[Artifact]) -> list[System]:
    """Systems with titles that differ; models of one domain each are one system together.

    Raises:
        UserError: the models of a system have not the same number of seeds in each domain.
    """
    by_path = {str(evaluation.path): evaluation for evaluation in evaluations}
    found: dict[str, list[list[Artifact]]] = {}
    for group in grouped([evaluation.path for evaluation in evaluations]):
        members = [by_path[each.name] for each in group.runs]
        domain = _taught(run, members[0], "domain")
        name = Path(group.name).name
        found.setdefault(name.replace(f"-{domain}", "", 1) if domain else name, []).append(members)
    systems = []
    for name, parts in found.items():
        if len({len(members) for members in parts}) > 1:
            raise UserError(f"{name} has not the same number of seeds in every domain")
        seeds = list(
            zip(*(sorted(members, key=lambda each: _seed(run, each)) for members in parts), strict=True)
        )
        first = seeds[0][0]
        base = first.numbers["base"] or RANDOM
        title = run.titles.get(base) or _seedless(run, parts[0], base)
        frozen, by_domain = (bool(_taught(run, first, key)) for key in ("frozen", "domain"))
        systems.append(System(title, base, seeds, run.encoder(first), frozen, by_domain))
    for system in systems:
        system.title += ", frozen" if system.frozen else ""
    times = Counter(system.title for system in systems)
    for system in systems:
        if times[system.title] > 1:
            system.title = f"{system.title} ({system.evaluations[0].path.name})"
    return systems


def _seed(run: Run, evaluation: Artifact) -> tuple[int, str]:
    seed = _taught(run, evaluation, "seed")
    return (seed if isinstance(seed, int) else 0), evaluation.path.name


def _seedless(run: Run, members: Sequence[Artifact], base: str) -> str:
    """The base's name; of seeds that each have their own base, what their names begin with."""
    bases = {member.numbers["base"] or RANDOM for member in members}
    if len(bases) == 1:
        return base
    name = base.rstrip("0123456789").rstrip("-").removesuffix("-seed")
    return run.titles.get(name, name)

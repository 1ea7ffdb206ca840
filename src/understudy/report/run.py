"""A run as the report sees it: its artifacts, who was made from whom, and who is whose teacher."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from understudy.core.artifact import MANIFEST, Artifact
from understudy.core.errors import UserError, nearest
from understudy.core.recipe.reading import part_of, step_of

RANDOM = "random"
"""The title key of a model that was fine-tuned from random weights."""

ENCODERS = ("pretrain", "distill")
"""Stages that train one; those of stage ``pretrained`` come from elsewhere."""


@dataclass(frozen=True)
class Run:
    """Artifacts in the order they were begun."""

    name: str
    artifacts: tuple[Artifact, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    baselines: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    """Evaluations in the order in which the recipe's report names them."""
    damaged: tuple[str, ...] = ()
    """What could not be read, each with why."""

    @cached_property
    def steps(self) -> dict[str, Artifact]:
        """By name."""
        return {artifact.path.name: artifact for artifact in self.artifacts}

    def of(self, *stages: str) -> list[Artifact]:
        """The artifacts of some stages."""
        return [artifact for artifact in self.artifacts if artifact.manifest.stage in stages]

    def evaluations(self) -> list[Artifact]:
        """The evaluations, in the order of the recipe's report, and then of their beginning."""
        places = {name: i for i, name in enumerate(self.order)}
        return sorted(self.of("evaluate"), key=lambda each: places.get(each.path.name, len(places)))

    def inputs(self, artifact: Artifact) -> list[Artifact]:
        """What an artifact was made from, as far as it is still there."""
        names = dict.fromkeys(step_of(name) for name in artifact.manifest.inputs)
        return [self.steps[name] for name in names if name in self.steps]

    def read(self, artifact: Artifact, key: str) -> Artifact | None:
        """The artifact that a key of the config names."""
        name = artifact.manifest.config.get(key)
        return self.steps.get(step_of(name)) if isinstance(name, str) else None

    def tuned(self, evaluation: Artifact) -> Artifact | None:
        """The fine-tuned model that an evaluation measured, perhaps as it was picked for a locale."""
        model = self.read(evaluation, "model")
        if model is None or model.manifest.stage != "select":
            return model
        locale = part_of(str(evaluation.manifest.config["model"]))
        return self.steps.get(step_of(model.numbers.get("choice", {}).get(locale, "")))

    def encoder(self, evaluation: Artifact) -> Artifact | None:
        """The encoder that was fine-tuned; none: random weights, or it is no longer there."""
        tuned = self.tuned(evaluation)
        return None if tuned is None else self.read(tuned, "model")

    def made_from(self, artifact: Artifact) -> set[str]:
        """Names of all steps that led to an artifact."""
        found: set[str] = set()
        waiting = [artifact]
        while waiting:
            for source in self.inputs(waiting.pop()):
                if source.path.name not in found:
                    found.add(source.path.name)
                    waiting.append(source)
        return found

    @cached_property
    def teachers(self) -> set[str]:
        """Names (``step`` or ``step/part``) of encoders that taught one, or that a teacher was made from."""
        found: set[str] = set()
        for student in self.of("distill"):
            for name in teachers_of(student):
                found.add(name)
                if step_of(name) in self.steps:
                    found |= self.made_from(self.steps[step_of(name)])
        stages = {name: step.manifest.stage for name, step in self.steps.items()}
        return {name for name in found if stages.get(step_of(name)) in (*ENCODERS, "pretrained")}

    def transfer_set(self, encoder: Artifact) -> str:
        """Of which kinds of text an encoder's last rows are: ``public 33 %, in-domain 67 %``, or empty."""
        config = encoder.manifest.config
        name = config.get("shards") or next(
            (each["shards"] for each in reversed(config.get("teachers") or ())), ""
        )
        shards = self.steps.get(step_of(str(name)))
        text = None if shards is None else self.read(shards, "text")
        kinds: dict[str, int] = {}
        for kind, languages in ({} if text is None else text.numbers.get("rows", {})).items():
            kinds[kind.replace("_", "-")] = sum(cell.get("sampled", 0) for cell in languages.values())
        whole = sum(kinds.values())
        return ", ".join(
            f"{kind} {rows / whole:.0%}".replace("%", " %") for kind, rows in kinds.items() if whole
        )

    @property
    def recipe(self) -> str:
        """The recipe's name."""
        return self.artifacts[0].manifest.recipe


def teachers_of(student: Artifact) -> list[str]:
    """The teachers that a distilled encoder names, one after the other."""
    config = student.manifest.config
    named = [config.get("teacher"), *(each.get("teacher") for each in config.get("teachers") or ())]
    return [str(name) for name in named if name]


def run_of(named: Iterable[Artifact], titles: Mapping[str, str], baselines: Iterable[str]) -> Run:
    """The named artifacts and all that they were made from, in the folders beside them.

    What was made again since is another artifact, and stays away.
    """
    found: dict[str, Artifact] = {}
    damaged: list[str] = []
    waiting = list(named)
    order = tuple(artifact.path.name for artifact in waiting)
    while waiting:
        artifact = waiting.pop()
        found[artifact.path.name] = artifact
        for name, fingerprint in artifact.manifest.inputs.items():
            folder = artifact.path.parent / step_of(name)
            if step_of(name) in found or not (folder / MANIFEST).is_file():
                continue
            try:
                source = Artifact.load(folder)
            except UserError as error:
                damaged.append(str(error))
                continue
            if source.manifest.fingerprint == fingerprint:
                waiting.append(source)
    artifacts = tuple(sorted(found.values(), key=_begun))
    return Run(
        artifacts[0].manifest.recipe,
        artifacts,
        dict(titles),
        tuple(baselines),
        order,
        tuple(dict.fromkeys(damaged)),
    )


def run_in(folder: Path, baselines: Sequence[str] = ()) -> Run:
    """Every artifact in a run's folder; titles and baselines are those of the last report step.

    Raises:
        UserError: no such folder, or it holds no artifact that is whole; a baseline that is not there.
    """
    if not folder.is_dir():
        raise UserError("no such folder; the folder of a run is due, such as runs/demo", file=folder)
    artifacts: list[Artifact] = []
    damaged: list[str] = []
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        if manifest.parent.name.startswith("."):
            continue
        try:
            artifacts.append(Artifact.load(manifest.parent))
        except UserError as error:
            damaged.append(str(error))
    if not artifacts:
        why = f"; {damaged[0]}" if damaged else ""
        raise UserError(f"holds no artifact yet; run the recipe first{why}", file=folder)
    artifacts.sort(key=_begun)
    names = {RANDOM, *(artifact.path.name for artifact in artifacts)}
    for name in baselines:
        if step_of(name) not in names:
            raise UserError(f"there is no '{name}' in this run; {nearest(name, names)}", place="--baseline")
    configs = [artifact.manifest.config for artifact in artifacts if artifact.manifest.stage == "report"]
    config: dict[str, Any] = configs[-1] if configs else {}
    return Run(
        artifacts[0].manifest.recipe,
        tuple(artifacts),
        config.get("titles", {}),
        tuple(baselines) or tuple(config.get("baselines", ())),
        tuple(config.get("evaluations", ())),
        tuple(damaged),
    )


def _begun(artifact: Artifact) -> tuple[str, str]:
    return artifact.manifest.started, artifact.path.name

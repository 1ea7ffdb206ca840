"""One teacher and its transfer set: what a distillation does from a swap to the next."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from understudy.core.errors import UserError
from understudy.core.recipe import distill_steps as recipe
from understudy.core.stage import Inputs
from understudy.model.cost import training_flops
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model, save_model
from understudy.objectives.distillation import Distillation, Students, Terms, check_pair
from understudy.objectives.teaching import AlignedTeacher, LiveTeacher, Teacher
from understudy.objectives.written import WrittenTeacher
from understudy.stages.distill_checks import check_languages, check_spelled, check_weights, written
from understudy.stages.fit import fit, handed_on, save_all
from understudy.stages.masked import train_rows
from understudy.stages.nouns import nouns_to_fill_in
from understudy.tokenizer.load import load_tokenizer
from understudy.training.aligned_task import AlignedTask, Aligner
from understudy.training.batches import check_shared
from understudy.training.engine import DTYPES
from understudy.training.engines.choice import check as check_engine
from understudy.training.masked_task import MaskedTask
from understudy.training.sanity import Sanity, look, look_at_words
from understudy.training.shards import TokenShards
from understudy.training.students_task import StudentsTask
from understudy.training.world import World


class Phase:
    """Teacher, students and data, checked before hours begin.

    Args:
        config: names one teacher, and every student.
        students: by name, the empty one where there is one.

    Raises:
        UserError: what does not fit.
    """

    def __init__(
        self, config: recipe.Phase, inputs: Inputs, students: Mapping[str, MaskedLanguageModel]
    ) -> None:
        self.config, self.inputs, self.students = config, inputs, students
        self.world = World.here(config.parallel)
        check_engine(config.optimization, config.parallel, self.world)
        check_shared(config.optimization, self.world)
        self.artifact = inputs.artifacts[config.shards]
        self.shards = train_rows(self.artifact, *students.values())
        check_languages(config, self.shards)
        folder = inputs.artifacts[config.teacher].file("model")
        self.tokenizer = load_tokenizer(self.shards.tokenizer)
        theirs = load_tokenizer(folder)
        same = theirs.fingerprint == self.tokenizer.fingerprint
        if not same and config.targets is not None:
            raise UserError(
                f"teacher '{config.teacher}' has another tokenizer than the transfer set, and can "
                "only be asked; leave them out",
                place="targets",
            )
        for name, one in config.each_student.items():
            check_weights(name, one, same=same)
        self.model = load_model(folder).to(self.world.device)
        precision = config.optimization.precision
        product = None if precision == "fp32" else DTYPES[precision]
        self.teacher: Teacher
        self.kind: Callable[..., MaskedTask] = MaskedTask
        self.aligned = not same
        if same:
            for student in students.values():
                check_pair(student, self.model)
            self.teacher = LiveTeacher(self.model, product)
            if config.targets is not None:
                self.teacher, self.kind = written(config, inputs)
        else:
            aligner = Aligner(
                check_spelled(self.tokenizer, self.shards), theirs, self.model.config.max_length
            )
            self.teacher = AlignedTeacher(self.model, product)
            self.kind = partial(AlignedTask, aligner=aligner)
        objectives = {name: self._objective(name, one) for name, one in config.each_student.items()}
        self.tasks = {name: self._task(name, objective) for name, objective in objectives.items()}
        self.several = "" not in self.tasks
        self.task = StudentsTask(Students(objectives), self.tasks) if self.several else self.tasks[""]

    def look(self) -> Sanity:
        """At the teacher, and the students as they are now, on some rows.

        Raises:
            UserError: the teacher emits values that are not finite.
        """
        if self.aligned:
            return look_at_words(self.teacher, self.tasks)
        return look(self.model, self.tasks, written=self.config.targets is not None)

    def train(self, out: Path) -> dict[str, Any]:
        """Train as the config says, continuing from what a killed step left in ``out``; save; the numbers."""
        task = self.task
        examples, tokens = len(self.shards), int(self.shards.lengths.sum())
        sanity = self._sanity(examples, tokens)
        numbers = {"sanity": sanity, **fit(task, self.config, out, examples=examples, tokens=tokens)}
        if self.world.main:
            save_all(cast(nn.Module, task.objective), out, numbers, self._save)
        if not self.several:
            told = handed_on(self.config, numbers)
            return {"parameters": self.students[""].config.parameters, **numbers, **told}
        parts = {
            name: {"parameters": self.students[name].config.parameters, **_own(numbers, name)}
            for name in self.tasks
        }
        return {**numbers, "parts": parts}

    def _save(self, folder: Path) -> None:
        for name, model in self.students.items():
            save_model(model, folder / name / "model", self.shards.tokenizer)

    def _sanity(self, examples: int, tokens: int) -> dict[str, Any]:
        """The sanity report: on standard error, and for the manifest."""
        seen = self.look()
        batches = len(self.task.batches(0))
        steps = self.config.duration.in_steps(steps_per_epoch=batches, examples=examples, tokens=tokens)
        pieces = round(steps / batches * tokens)
        if self.world.main:
            print(*seen.lines(pieces), sep="\n", file=sys.stderr, flush=True)
        return seen.numbers(pieces)

    def _objective(self, name: str, config: recipe.Phase) -> Distillation:
        relations = config.relations
        terms = Terms(
            weights=dict(config.weights),
            temperature=config.temperature,
            everywhere=config.positions == "all",
            layers=config.layers,
            relation_layers=(relations.student, relations.teacher),
            relation_heads=relations.heads,
        )
        torch.manual_seed(config.seed)  # a student's projections do not hang on what was made before it
        return Distillation(self.students[name], self.teacher, terms)

    def _task(self, name: str, objective: Distillation) -> MaskedTask:
        model = self.students[name]
        return self.kind(
            objective,
            model,
            train=self.shards,
            validation=TokenShards(self.artifact, "validation"),
            settings=self.config.optimization,
            seed=self.config.seed,
            device=self.world.device,
            operations=self._operations(objective, first=name == next(iter(self.students))),
            characters=self.tokenizer.characters,
            nouns=nouns_to_fill_in(self.config, self.inputs, self.tokenizer, model.config.max_length),
        )

    def _operations(self, objective: Distillation, *, first: bool) -> Callable[[int], int]:
        """On a piece; the teacher's count for the first student alone."""
        asked = not isinstance(self.teacher, WrittenTeacher)
        teacher, student = self.model.config if asked else None, objective.student.config
        matched = len(objective.match.layers) if objective.match else 0

        def operations(length: int) -> int:
            flops = training_flops(
                student, length, teacher=teacher, soft="soft" in objective.weights, matched=matched
            )
            return flops.model - (0 if first else flops.teacher)

        return operations


def _own(numbers: Mapping[str, Any], student: str) -> dict[str, Any]:
    """One student's part of the loop's numbers, under the names that one alone has."""
    prefix = f"{student}."
    history = [
        {
            "step": entry["step"],
            **{k.removeprefix(prefix): v for k, v in entry.items() if k.startswith(prefix)},
        }
        for entry in numbers["history"]
    ]
    return {**numbers, "history": history, **history[-1]}

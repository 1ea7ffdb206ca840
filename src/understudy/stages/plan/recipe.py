"""The training steps of a recipe, and the papers' schedules of the presets, as work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from understudy.core.duration import Duration
from understudy.core.errors import UserError
from understudy.core.recipe.classify_steps import Classify
from understudy.core.recipe.distill_steps import Distill, Phase
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.recipe.hub_steps import Pretrained
from understudy.core.recipe.model_steps import EncoderShape, Pretrain
from understudy.core.recipe.optimization import Optimization
from understudy.core.recipe.paper_settings import paper_settings
from understudy.core.recipe.reading import part_of, step_of
from understudy.core.recipe.schema import Recipe
from understudy.core.recipe.text_steps import Encode, Prepare, Tokenizer
from understudy.model.config import EncoderConfig, encoder_config
from understudy.stages.plan.work import Work

VOCABULARY = 150_000
"""The papers'; for a recipe whose tokenizer grows its vocabulary until it matches a reference."""

TOKENS_PER_DEVICE = 8_192
"""Where no recipe says it."""


def preset_work(preset: str, vocabulary: int) -> Work:
    """How the papers trained a preset first, by masked language modelling alone.

    Raises:
        UserError: unknown preset.
    """
    encoder = encoder_config(EncoderShape(preset=preset), vocabulary)
    paper = paper_settings(preset)
    return Work(
        name=preset,
        stage="pretrain",
        encoder=encoder,
        length=paper.max_length,
        optimization=Optimization(**paper.optimization, tokens_per_device=TOKENS_PER_DEVICE),
        steps=paper.steps,
    )


def works(recipe: Recipe) -> Iterator[Work]:
    """Every training of encoders and heads whose sizes are known, in the recipe's order.

    A step with several students is one for each, named ``step/student``, the teacher's passes being the first
    one's; with several teachers, one for each in sequence: ``step 1``, ``step 2``.

    Raises:
        UserError: an encoder that cannot be.
    """
    for name, step in recipe.steps.items():
        if isinstance(step, Finetune | Classify):
            yield from _finetune(recipe, name, step)
        elif isinstance(step, Pretrain):
            yield from _masked(recipe, name, step, name)
        elif isinstance(step, Distill):
            for number, phase in enumerate(step.phases, start=1):
                yield from _phase(recipe, name, phase, f" {number}" if len(step.phases) > 1 else "")


def unplanned(recipe: Recipe, planned: set[str]) -> list[str]:
    """Steps that train, and are none of the works planned: their encoder or teacher comes from elsewhere."""
    made = {step_of(name.partition(" ")[0]) for name in planned}
    kinds = Pretrain | Distill | Finetune | Classify
    trained = (name for name, step in recipe.steps.items() if isinstance(step, kinds))
    return [name for name in trained if name not in made]


def vocabulary(recipe: Recipe) -> int:
    """Pieces of the first tokenizer whose recipe says how many, or the papers'."""
    steps = (config for config in recipe.steps.values() if isinstance(config, Tokenizer))
    return next((s.vocabulary for s in steps if isinstance(s.vocabulary, int)), VOCABULARY)


def _masked(recipe: Recipe, name: str, step: Pretrain | Phase, shown: str) -> Iterator[Work]:
    encoder = _encoder(recipe, name)
    if encoder is None:
        return
    shards = recipe.steps[step.shards]
    assert isinstance(shards, Encode)
    length = min(encoder.max_length, shards.max_length)
    rows = _rows(recipe, shards)
    steps, at_most = _steps(step.duration, step.optimization, length, rows)
    yield Work(
        name=shown,
        stage=step.stage,
        encoder=encoder,
        length=length,
        optimization=step.optimization,
        parallel=step.parallel,
        steps=steps,
        at_most=at_most,
    )


def _phase(recipe: Recipe, name: str, phase: Phase, number: str) -> Iterator[Work]:
    """The students of one teacher: its passes are the first one's work, memory is that of all."""
    found: list[Work] = []
    for student, config in phase.each_student.items():
        part = f"{name}/{student}" if student else name
        found += _distillation(recipe, part, config, part + number)
    for place, work in enumerate(found):
        yield replace(work, others=(*found[:place], *found[place + 1 :]), heard=place > 0)


def _distillation(recipe: Recipe, name: str, step: Phase, shown: str) -> Iterator[Work]:
    teacher = _encoder(recipe, step.teacher)
    if teacher is None:
        return
    for work in _masked(recipe, name, step, shown):
        layers = work.encoder.layers if step.layers is None else len(step.layers)
        yield replace(
            work,
            teacher=teacher,
            soft=step.weights.soft > 0,
            matched=layers if step.weights.hidden else 0,
        )


def _finetune(recipe: Recipe, name: str, step: Finetune | Classify) -> Iterator[Work]:
    encoder = _encoder(recipe, name)
    if encoder is None:
        return
    length = min(encoder.max_length, step.max_length)
    steps, at_most = _steps(step.duration, step.optimization, length, None)
    search = step.search if isinstance(step, Finetune) else None
    if search is not None and steps is not None:
        steps, at_most = steps * search.trials, True
    taught = step.taught if isinstance(step, Finetune) else None
    yield Work(
        name=name,
        stage=step.stage,
        encoder=encoder,
        length=length,
        optimization=step.optimization,
        parallel=step.parallel,
        teacher=None if taught is None else _encoder(recipe, taught.model),
        head=False,
        frozen=step.frozen,
        steps=steps,
        at_most=at_most,
    )


def _encoder(recipe: Recipe, name: str) -> EncoderConfig | None:
    """Of a step or one of its students, or of the one that it starts from; none: it comes from elsewhere."""
    step: object = recipe.steps[step_of(name)]
    if isinstance(step, Distill) and step.students:
        step = step.phases[0].each_student[part_of(name).rpartition("/")[2]]
    if isinstance(step, Pretrained):
        return _from_elsewhere(step)
    if not isinstance(step, Pretrain | Distill | Finetune | Classify):
        return None
    if step.encoder is not None:
        try:
            return encoder_config(step.encoder, _pieces(recipe, step))
        except UserError as error:
            key = (error.place or "encoder").removeprefix("encoder.")
            raise UserError(error.problem, place=f"steps.{name}.encoder.{key}") from None
    start = step.model if isinstance(step, Finetune | Classify) else step.start
    assert start is not None  # the schema wants one of the two
    return _encoder(recipe, start)


def _from_elsewhere(step: Pretrained) -> EncoderConfig | None:
    """The sizes of a model in a folder; none: it is of the hub, and nobody has fetched it."""
    folder = Path(step.path)
    if not folder.is_dir():
        return None
    from understudy.model.huggingface import load_sizes  # torch, which other recipes are planned without

    return load_sizes(folder)


def _pieces(recipe: Recipe, step: Pretrain | Distill | Finetune | Classify) -> int:
    """Of the tokenizer that a new encoder reads with, as far as the recipe tells."""
    if isinstance(step, Finetune | Classify):
        tokenizer = recipe.steps[str(step.tokenizer)]
    else:
        shards = recipe.steps[step.phases[0].shards if isinstance(step, Distill) else step.shards]
        assert isinstance(shards, Encode)
        tokenizer = recipe.steps[shards.tokenizer]
    if isinstance(tokenizer, Pretrained) and (sizes := _from_elsewhere(tokenizer)):
        return sizes.vocabulary
    if isinstance(tokenizer, Tokenizer) and isinstance(tokenizer.vocabulary, int):
        return tokenizer.vocabulary
    return vocabulary(recipe)


def _rows(recipe: Recipe, shards: Encode) -> int | None:
    """Rows in one pass over the training shards, where the recipe says how many texts are kept."""
    text = recipe.steps[shards.text]
    if not isinstance(text, Prepare) or text.examples is None or text.pack_words:
        return None
    return round(text.examples * (1 - text.validation_share))


def _steps(
    duration: Duration, optimization: Optimization, length: int, rows: int | None
) -> tuple[int | None, bool]:
    """Optimizer steps, and whether that is a bound: rows shorter than ``length`` take fewer."""
    rows_per_step = max(1, optimization.tokens_per_batch // length)
    if duration.steps is not None:
        return duration.steps, False
    if duration.tokens is not None:
        return max(1, round(duration.tokens / (rows_per_step * length))), False
    examples = duration.examples
    if duration.epochs is not None and rows is not None:
        examples = round(duration.epochs * rows)
    if examples is None:
        return None, False
    return -(-examples // rows_per_step), True

"""The training steps of a recipe, and the papers' schedules of the presets, as work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from understudy.core.duration import Duration
from understudy.core.errors import UserError
from understudy.core.recipe.distill_steps import Distill
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.recipe.model_steps import EncoderShape, Pretrain
from understudy.core.recipe.optimization import Optimization
from understudy.core.recipe.schema import Recipe
from understudy.core.recipe.text_steps import Encode, Prepare, Tokenizer
from understudy.model.config import EncoderConfig, encoder_config
from understudy.model.paper_settings import PAPER_SETTINGS, PaperSettings
from understudy.stages.plan.work import Work

VOCABULARY = 150_000
"""The papers'; for a recipe whose tokenizer grows its vocabulary until it matches a reference."""

PAPER_B_STUDENT: dict[str, int] = {"updates": 78_125, "sequences": 1_024}
"""One epoch (paper B A.3); the batch is 2 a GPU, 8 GPUs, 64 times accumulated."""
TOKENS_PER_DEVICE = 8_192
"""Where no recipe says it."""


def paper_schedule(preset: str) -> PaperSettings:
    """How the papers trained a preset first; steps where none are printed are those of warm-up and decay."""
    if preset == "17m-b":
        student = PAPER_SETTINGS["17m"]
        tokens = PAPER_B_STUDENT["sequences"] * student.max_length
        batch = {**student.optimization, "tokens_per_batch": tokens}
        return replace(student, preset=preset, optimization=batch, updates=PAPER_B_STUDENT["updates"])
    return next(settings for settings in PAPER_SETTINGS.values() if settings.preset == preset)


def preset_work(preset: str, vocabulary: int) -> Work:
    """The papers' schedule of a preset, by masked language modelling alone.

    Raises:
        UserError: unknown preset.
    """
    encoder = encoder_config(EncoderShape(preset=preset), vocabulary)
    paper = paper_schedule(preset)
    optimization = Optimization(**paper.optimization, tokens_per_device=TOKENS_PER_DEVICE)
    steps = paper.updates
    if steps is None:
        steps = (optimization.warmup_steps or 0) + (optimization.decay_steps or 0)
    return Work(
        name=preset,
        stage="pretrain",
        encoder=encoder,
        length=paper.max_length,
        optimization=optimization,
        steps=steps,
    )


def works(recipe: Recipe) -> Iterator[Work]:
    """Every step that trains, in the recipe's order.

    Raises:
        UserError: an encoder that cannot be.
    """
    for name, step in recipe.steps.items():
        if isinstance(step, Finetune):
            yield _finetune(recipe, name, step)
        elif isinstance(step, Pretrain | Distill):
            yield _masked(recipe, name, step)


def vocabulary(recipe: Recipe) -> int:
    """Pieces of the first tokenizer whose recipe says how many, or the papers'."""
    steps = (config for config in recipe.steps.values() if isinstance(config, Tokenizer))
    return next((s.vocabulary for s in steps if isinstance(s.vocabulary, int)), VOCABULARY)


def _masked(recipe: Recipe, name: str, step: Pretrain | Distill) -> Work:
    encoder = _encoder(recipe, name)
    shards = recipe.steps[step.shards]
    assert isinstance(shards, Encode)
    length = min(encoder.max_length, shards.max_length)
    rows = _rows(recipe, shards)
    steps, at_most = _steps(step.duration, step.optimization, length, rows)
    work = Work(
        name=name,
        stage=step.stage,
        encoder=encoder,
        length=length,
        optimization=step.optimization,
        parallel=step.parallel,
        steps=steps,
        at_most=at_most,
    )
    if isinstance(step, Pretrain):
        return work
    layers = encoder.layers if step.layers is None else len(step.layers)
    return replace(
        work,
        teacher=_encoder(recipe, step.teacher),
        soft=step.weights.soft > 0,
        matched=layers if step.weights.hidden else 0,
    )


def _finetune(recipe: Recipe, name: str, step: Finetune) -> Work:
    encoder = _encoder(recipe, name)
    length = min(encoder.max_length, step.max_length)
    steps, at_most = _steps(step.duration, step.optimization, length, None)
    return Work(
        name=name,
        stage=step.stage,
        encoder=encoder,
        length=length,
        optimization=step.optimization,
        parallel=step.parallel,
        head=False,
        frozen=step.frozen,
        steps=steps,
        at_most=at_most,
    )


def _encoder(recipe: Recipe, name: str) -> EncoderConfig:
    """Of a step, or of the one that it starts from."""
    step = recipe.steps[name]
    assert isinstance(step, Pretrain | Distill | Finetune)
    if step.encoder is not None:
        try:
            return encoder_config(step.encoder, vocabulary(recipe))
        except UserError as error:
            key = (error.place or "encoder").removeprefix("encoder.")
            raise UserError(error.problem, place=f"steps.{name}.encoder.{key}") from None
    start = step.model if isinstance(step, Finetune) else step.start
    assert start is not None  # the schema wants one of the two
    return _encoder(recipe, start)


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

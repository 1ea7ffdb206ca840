"""What ``taught`` adds to fine-tuning: a teacher, and utterances to ask it about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from understudy.core.errors import UserError
from understudy.core.recipe.taught_steps import TaskTeacher
from understudy.core.stage import Inputs
from understudy.corpus.draw import draws, key
from understudy.model.huggingface import load_model
from understudy.model.nlu import load_nlu
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.prepared import PreparedText
from understudy.training.augment import augmented
from understudy.training.nlu_task import NluTask
from understudy.training.taught_task import Lessons, TaughtTask
from understudy.training.world import World


def task_of(config: TaskTeacher | None, inputs: Inputs, seed: int, world: World) -> Callable[..., NluTask]:
    """What to call in place of :class:`.NluTask`, with the same arguments.

    Raises:
        UserError: the texts hold nothing; the model that augments does not fit.
    """
    if config is None:
        return NluTask
    folder = inputs.artifacts[config.model].path
    texts = _texts(config, inputs, seed)
    if config.augment is not None:
        source = inputs.artifacts[config.augment.model].file("model")
        texts += augmented(
            texts,
            load_model(source).to(world.device),
            load_tokenizer(source),
            copies=config.augment.copies,
            share=config.augment.share,
            temperature=config.augment.temperature,
            seed=seed,
            device=world.device,
        )
    lessons = Lessons(
        teacher=load_nlu(folder),
        tokenizer=load_tokenizer(folder / "model"),
        texts=texts,
        labelled=config.labelled,
        weights=dict(config.weights),
        temperature=config.temperature,
    )
    return partial(TaughtTask, lessons=lessons)


def _texts(config: TaskTeacher, inputs: Inputs, seed: int) -> list[str]:
    """Different texts, in the order of their draws, so that a part of them is a part of more."""
    folders = [inputs.artifacts[name].file("train") for name in config.text]
    texts = sorted(set(PreparedText(folders).texts()))
    if not texts:
        raise UserError("holds no utterance to ask the teacher about", file=folders[0])
    order = np.argsort(draws(texts, key(seed, "taught")), kind="stable")[: config.utterances]
    return [texts[place] for place in order]

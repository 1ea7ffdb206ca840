"""A teacher's soft targets and hidden states, written down once for students that come later."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.core.progress import progress
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.recipe.targets_steps import Targets
from understudy.core.stage import Inputs
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.objectives.losses import IGNORE
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.masking import num_selected
from understudy.objectives.output import NON_FINITE, masked_logits
from understudy.stages.masked import same_tokenizer
from understudy.training.batches import Batch
from understudy.training.engine import autocast
from understudy.training.masked_task import MaskedTask
from understudy.training.shards import TokenShards
from understudy.training.targets import FILE, GIB, About, Epoch, on_disk
from understudy.training.world import World

_PROGRESS = ".progress.json"
_SAVE_EVERY = 200
"""Batches."""
_ENOUGH = 0.9
"""Of the probability; with less students lose a tenth of their perplexity and more (docs/lab-notes.md)."""


def run(config: Targets, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Write what :mod:`understudy.training.targets` describes; a killed step goes on where it was.

    Raises:
        UserError: a layer or so many pieces do not exist; more than the limit or the disk's room is wanted;
            the tokenizers differ; the teacher emits values that are not finite.
    """
    artifact = inputs.artifacts[config.shards]
    folder = inputs.artifacts[config.teacher].file("model")
    same_tokenizer(folder, artifact.file("tokenizer"))
    teacher = load_model(folder)
    shards = TokenShards(artifact, "train")
    counts = _selected(shards)
    about = About(
        seed=config.seed,
        epochs=config.epochs,
        rows=len(shards),
        pieces=int(shards.lengths.sum()),
        positions=int(counts.sum()),
        vocabulary=teacher.config.vocabulary,
        top=config.top,
        temperature=config.temperature,
        layers=tuple(sorted(set(config.hidden))),
        hidden=teacher.config.hidden,
        teacher_layers=teacher.config.layers,
    )
    _check(config, about, out)
    # This file comes when all others are whole; a step killed after that has only to read them.
    if not (out / FILE).exists():
        writer = _Writer(config, about, teacher, _task(config, teacher, shards), out)
        writer.write(np.concatenate([[0], np.cumsum(counts)]))
        about.save(out)
    (out / _PROGRESS).unlink(missing_ok=True)
    covered = _covered(about, out)
    if covered < _ENOUGH:
        print(
            f"warning: the {about.top} likeliest pieces hold {covered:.0%} of the teacher's probability; the "
            "rest counts as one class, from which little is learned: raise 'top', or let students ask",
            file=sys.stderr,
            flush=True,
        )
    return {
        "bytes": about.bytes,
        "rows": about.rows,
        "positions": about.positions,
        "epochs": about.epochs,
        "covered": round(covered, 4),
    }


def _covered(about: About, out: Path) -> float:
    """The mean share of the teacher's probability that the pieces kept hold."""
    total = 0.0
    for number in range(about.epochs):
        logs = Epoch(out, about, number).logs
        for begin in range(0, len(logs), 1 << 16):
            total += float(np.exp(logs[begin : begin + (1 << 16)].astype(np.float64)).sum())
    return total / (about.epochs * about.positions)


def _task(config: Targets, teacher: MaskedLanguageModel, shards: TokenShards) -> MaskedTask:
    """The masked rows, in batches."""
    settings = Optimization(tokens_per_batch=config.tokens_per_batch, precision=config.precision)
    device = World.here(Parallel(device=config.device)).device
    return MaskedTask(
        MaskedLm(teacher),
        teacher,
        train=shards,
        validation=shards,
        settings=settings,
        seed=config.seed,
        device=device,
    )


def _selected(shards: TokenShards) -> npt.NDArray[np.int64]:
    """(rows,) how many pieces of each are masked; see :func:`.masking.mask_batch`."""
    counts = np.zeros(len(shards), dtype=np.int64)
    for begin in range(0, len(shards), 4096):
        rows = np.arange(begin, min(begin + 4096, len(shards)))
        counts[rows] = num_selected(shards.padded(rows, int(shards.lengths[rows].max())), shards.special)
    return counts


def _check(config: Targets, about: About, out: Path) -> None:
    for layer in about.layers:
        if not 0 <= layer < about.teacher_layers:
            raise UserError(
                f"the teacher has no layer {layer}; it has 0 to {about.teacher_layers - 1}", place="hidden"
            )
    if about.top > about.vocabulary:
        raise UserError(f"the teacher knows {about.vocabulary} pieces, fewer than {about.top}", place="top")
    need = about.bytes / GIB
    print(
        f"targets: {need:.3g} GiB for {about.rows:,} rows, {about.epochs} times masked, with {about.top} "
        f"pieces a position and {len(about.layers)} layers",
        file=sys.stderr,
        flush=True,
    )
    if need > config.limit:
        raise UserError(
            f"{need:.3g} GiB would be written, more than {config.limit:g}; raise it, or ask for fewer "
            "pieces, layers or epochs",
            place="limit",
        )
    # A killed step's files are there already.
    rest, free = max(0, about.bytes - on_disk(out)), shutil.disk_usage(out).free
    if rest > free:
        raise UserError(
            f"{rest / GIB:.3g} GiB are still to be written, and the disk has {free / GIB:.3g} free", file=out
        )


class _Writer:
    def __init__(
        self, config: Targets, about: About, teacher: MaskedLanguageModel, task: MaskedTask, out: Path
    ) -> None:
        self.config, self.about, self.task, self.out = config, about, task, out
        self.teacher = teacher.to(task.device)

    def write(self, first: npt.NDArray[np.int64]) -> None:
        """All epochs."""
        file = self.out / _PROGRESS
        done = read_json(file) if file.exists() else {"epoch": 0, "batch": 0}
        batches = self.task.batches(0)
        begins = np.concatenate([[0], np.cumsum(self.task.train.lengths)])
        with progress("targets", total=self.about.epochs * len(batches), unit="batches") as bar:
            bar.start_at(done["epoch"] * len(batches) + done["batch"])
            for epoch in range(done["epoch"], self.about.epochs):
                into = Epoch(self.out, self.about, epoch, first)
                for number in range(done["batch"], len(batches)):
                    self._write(batches[number], epoch, into, begins)
                    bar.advance(1)
                    if (number + 1) % _SAVE_EVERY == 0:
                        into.flush()
                        write_json(file, {"epoch": epoch, "batch": number + 1})
                into.flush()
                done = {"epoch": epoch + 1, "batch": 0}
                write_json(file, done)

    def _write(self, batch: Batch, epoch: int, into: Epoch, begins: npt.NDArray[np.int64]) -> None:
        task = self.task
        inputs = task.masked(task.train, batch, self.config.seed, epoch)
        scores, states = self._ask(*(each.to(task.device) for each in inputs[:3]))
        valid = inputs[3] != IGNORE
        logs, top = (scores[: int(valid.sum())] / self.about.temperature).log_softmax(-1).topk(self.about.top)
        at = 0
        for number, row in enumerate(batch.rows):
            span = slice(into.first[row], into.first[row + 1])
            count = span.stop - span.start
            into.logs[span] = logs[at : at + count].cpu().numpy()
            into.top[span] = top[at : at + count].cpu().numpy()
            at += count
            length = int(task.train.lengths[row])
            for layer, values in into.states.items():
                values[begins[row] : begins[row] + length] = states[layer][number, :length]

    @torch.inference_mode()
    def _ask(
        self, ids: Tensor, mask: Tensor, selected: Tensor
    ) -> tuple[Tensor, dict[int, npt.NDArray[np.float16]]]:
        seen: list[Tensor] = []
        with autocast(self.task.settings, self.task.device):
            hidden = self.teacher.encoder(ids, mask, seen if self.about.layers else None)
            scores = masked_logits(self.teacher, hidden, selected).float()
        if not torch.isfinite(scores).all():
            raise UserError(NON_FINITE, place="teacher")
        width = (self.about.hidden,)
        # Only a state's direction is matched, so half precision holds it whatever its size.
        states = {
            layer: torch.nn.functional.layer_norm(seen[layer].float(), width).half().cpu().numpy()
            for layer in self.about.layers
        }
        return scores, states

"""Distilling without us: a plain loop with DistilBERT's losses, and TextBrewer's GeneralDistiller.

Both get the batches that ours gets, padded and masked alike, in parts, since they make the scores of all
positions; soft targets count at masked positions alone, as in ours, although DistilBERT's default is all.
"""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from peers.clock import now
from peers.huggingface import plain_model
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import IGNORE

Step = list[dict[str, Tensor]]
"""Its micro-batches."""
TEMPERATURE = 2.0
WARM_UP = 1
"""Steps before the clock starts."""


def micro_batches(inputs: Sequence[Tensor], parts: int) -> Step:
    """Our (ids, mask, selected, labels) as Hugging Face's models want it, in so many parts."""
    ids, mask, selected, labels = inputs
    dense = torch.full((ids.numel(),), IGNORE)
    counted = labels != IGNORE
    dense[selected[counted]] = labels[counted]
    split = (each.tensor_split(parts) for each in (ids, mask.long(), dense.view_as(ids)))
    names = ("input_ids", "attention_mask", "labels")
    return [dict(zip(names, part, strict=True)) for part in zip(*split, strict=True)]


class PlainDistillation(nn.Module):
    """DistilBERT's losses: masked LM, soft targets, cosine of the last hidden states (here projected)."""

    def __init__(self, student: MaskedLanguageModel, teacher: MaskedLanguageModel) -> None:
        super().__init__()
        self.student, self.teacher = plain_model(student), plain_model(teacher).eval().requires_grad_(False)
        self.projection = nn.Linear(student.config.hidden, teacher.config.hidden)

    def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Means over the batch."""
        with torch.no_grad():
            read = {name: batch[name] for name in ("input_ids", "attention_mask")}
            theirs = self.teacher(**read, output_hidden_states=True)
        mine = self.student(**batch, output_hidden_states=True)
        where = batch["labels"] != IGNORE
        soft = F.kl_div(
            F.log_softmax(mine.logits[where].float() / TEMPERATURE, dim=-1),
            F.softmax(theirs.logits[where].float() / TEMPERATURE, dim=-1),
            reduction="batchmean",
        )
        real = batch["attention_mask"].bool()
        ours, given = self.projection(mine.hidden_states[-1][real]), theirs.hidden_states[-1][real]
        cosine = F.cosine_embedding_loss(ours.float(), given.float(), torch.ones(len(ours)))
        return {"mlm": mine.loss, "soft": TEMPERATURE**2 * soft, "cosine": cosine}


def plain_rate(model: PlainDistillation, steps: Sequence[Step], *, bf16: bool) -> float:
    """Rows a second of a loop over the steps, the first left out."""
    model.train()
    model.teacher.eval()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-3)
    start, rows = 0.0, 0
    for number, step in enumerate(steps):
        if number == WARM_UP:
            start = now()
        for batch in step:
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                losses = model(batch)
            (sum(losses.values()) / len(step)).backward()
            rows += len(batch["input_ids"]) if number >= WARM_UP else 0
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
    return rows / (now() - start)


class _Clocked:
    """The micro-batches of all steps in a row, noting when each is asked for."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.batches = [batch for step in steps for batch in step]
        self.marks: list[float] = []

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        for batch in self.batches:
            self.marks.append(now())
            yield batch


def textbrewer_rate(
    student: MaskedLanguageModel, teacher: MaskedLanguageModel, steps: Sequence[Step]
) -> float:
    """Rows a second of GeneralDistiller in float32 (its half precision needs apex, which needs CUDA).

    Raises:
        ImportError: it is not installed.
    """
    import textbrewer

    logging.getLogger("TextBrewer").setLevel(logging.WARNING)
    per_step = len(steps[0])
    mine, theirs = plain_model(student).train(), plain_model(teacher).eval()

    def adapt(batch: dict[str, Tensor], out: Any) -> dict[str, Any]:
        return {
            "logits": (out.logits,),
            "logits_mask": (batch["labels"] != IGNORE,),
            "losses": (out.loss,),
            "hidden": out.hidden_states,
            "inputs_mask": batch["attention_mask"],
        }

    match = {
        "layer_T": -1, "layer_S": -1, "feature": "hidden", "loss": "cos", "weight": 1,
        "proj": ["linear", student.config.hidden, teacher.config.hidden],
    }  # fmt: skip
    clocked = _Clocked(steps)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        distiller = textbrewer.GeneralDistiller(
            train_config=textbrewer.TrainingConfig(
                gradient_accumulation_steps=per_step, ckpt_steps=10**6, output_dir=folder, device="cpu"
            ),
            distill_config=textbrewer.DistillationConfig(
                temperature=TEMPERATURE, hard_label_weight=1, kd_loss_weight=1, intermediate_matches=[match]
            ),
            model_T=theirs, model_S=mine, adaptor_T=adapt, adaptor_S=adapt,
        )  # fmt: skip
        with distiller:
            distiller.train(
                torch.optim.AdamW(mine.parameters(), lr=1e-3),
                clocked,
                num_steps=len(steps),
                max_grad_norm=1.0,
                output_hidden_states=True,
            )
    first, last = WARM_UP * per_step, (len(steps) - 1) * per_step
    rows = sum(len(batch["input_ids"]) for batch in clocked.batches[first:last])
    return rows / (clocked.marks[last] - clocked.marks[first])

"""Labelled utterances drawn to equal numbers in every language, split anew, with marks of the tail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from understudy.core.files import write_jsonl
from understudy.core.progress import progress
from understudy.core.recipe.nlu_steps import Resample
from understudy.core.stage import Inputs
from understudy.utterances.frame import Frame
from understudy.utterances.read import read_split
from understudy.utterances.resample import resample, tails


def run(config: Resample, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Write ``labelled/<locale>.jsonl``: frames with ``partition`` and ``tail``; counts by locale and domain.

    Raises:
        UserError: bad input, with file and line; a locale that lacks a domain.
    """
    labels = inputs.labels[config.labels]
    frames: list[Frame] = [frame for split in config.pool for frame in read_split(labels, split)]
    utterances = resample(frames, config.shares, config.seed, texts_together=config.texts_together)
    marks = tails([utterance.frame for utterance in utterances], config.tail_at_most, config.tail_top)
    locales = sorted({utterance.frame.locale for utterance in utterances})
    counts: dict[str, dict[str, dict[str, int]]] = {}
    tail: dict[str, dict[str, int]] = {}
    with progress("resample", total=len(locales), unit="locales") as bar:
        for locale in locales:
            rows = []
            for utterance, mark in zip(utterances, marks, strict=True):
                frame, partition = utterance.frame, utterance.partition
                if frame.locale == locale:
                    rows.append(replace(frame, tail=mark).to_json() | {"partition": partition})
                    of_domain = counts.setdefault(locale, {}).setdefault(frame.domain, {})
                    of_domain[partition] = of_domain.get(partition, 0) + 1
                    of_tail = tail.setdefault(locale, {"rare": 0, "outside_top": 0})
                    of_tail["rare"] += mark.rare and partition == "test"
                    of_tail["outside_top"] += mark.outside_top and partition == "test"
            write_jsonl(out / "labelled" / f"{locale}.jsonl", rows)
            bar.advance(1, note=locale)
    return {"utterances": counts, "tail_test": tail}

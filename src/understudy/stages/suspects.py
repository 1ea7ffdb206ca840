"""A list of utterances that are likely labelled wrong, the most doubtful first."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from understudy.core.files import write_jsonl
from understudy.core.progress import progress
from understudy.core.recipe.optimization import Parallel
from understudy.core.recipe.suspects_steps import Suspects
from understudy.core.stage import Inputs
from understudy.tokenizer.load import load_tokenizer
from understudy.training.out_of_fold import check_installed, word_and_letter_features
from understudy.training.suspects import Features, Judged, Reason, judge_labels
from understudy.utterances.frame import Frame, Partition
from understudy.utterances.read import read_split

SUSPECTS = "suspects.jsonl"
_KINDS = ("intent", "slot", "contradiction")


def run(config: Suspects, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Judge; the payload is ``suspects.jsonl``: frames with ``partition``, ``score`` and ``reasons``.

    Raises:
        UserError: scikit-learn is not installed; as :func:`.read_split`.
    """
    check_installed()
    files = inputs.labels[config.labels]
    split_of: list[Partition] = []
    frames: list[Frame] = []
    read: dict[Partition, list[Frame]] = {
        "train": read_split(files, "train"),
        "dev": read_split(files, "dev"),
    }
    for partition, found in read.items():
        frames += found
        split_of += [partition] * len(found)
    of_locale: defaultdict[str, list[int]] = defaultdict(list)
    for row, frame in enumerate(frames):
        of_locale[frame.locale].append(row)
    features = _features(config, inputs)
    rows: list[dict[str, Any]] = []
    judged: dict[str, Judged] = {}
    parts = len(of_locale) * config.folds * (1 + config.slots)
    with progress("suspects", total=parts, unit="parts") as bar:
        for locale, places in of_locale.items():
            judged[locale] = judge_labels(
                [frames[place] for place in places],
                folds=config.folds,
                seed=config.seed,
                slots=config.slots,
                features=features,
                done=bar.advance,
            )
            for at, reasons in judged[locale].reasons.items():
                rows.append(_row(frames[places[at]], split_of[places[at]], reasons))
    rows.sort(key=lambda row: (-row["score"], row["locale"], row["id"]))
    write_jsonl(out / SUSPECTS, rows)
    by_locale = {
        locale: {"utterances": len(places), **_kinds(row for row in rows if row["locale"] == locale)}
        for locale, places in of_locale.items()
    }
    for locale, counts in by_locale.items():
        told = ", ".join(f"{counts[kind]:,} {kind}" for kind in _KINDS)
        print(f"{locale}: suspects of {counts['utterances']:,} utterances: {told}", file=sys.stderr)
    return {
        "utterances": len(frames),
        "suspects": len(rows),
        **_kinds(rows),
        "by_locale": by_locale,
        "by_intent": _by_intent(frames, rows),
        "out_of_fold": {
            locale: {"intents_right": each.intents_right, "words_right": each.words_right}
            for locale, each in judged.items()
        },
        "unjudged": {locale: each.unjudged for locale, each in judged.items()},
    }


def _features(config: Suspects, inputs: Inputs) -> Features:
    if config.model is None:
        return word_and_letter_features
    from understudy.model.huggingface import load_model  # torch, which words and letters do without
    from understudy.training.frozen import frozen_features
    from understudy.training.world import World

    folder, device = inputs.artifacts[config.model].file("model"), World.here(Parallel()).device
    return partial(frozen_features, load_model(folder).to(device), load_tokenizer(folder), device)


def _row(frame: Frame, partition: Partition, reasons: Sequence[Reason]) -> dict[str, Any]:
    """A contradiction alone scores 0: which of the two is wrong nobody can tell from the text."""
    score = max(reason.get("score", 0.0) for reason in reasons)
    return {**frame.to_json(), "partition": partition, "score": score, "reasons": list(reasons)}


def _kinds(rows: Any) -> dict[str, int]:
    """Utterances with a reason of each kind."""
    found = Counter(kind for row in rows for kind in {reason["kind"] for reason in row["reasons"]})
    return {kind: found[kind] for kind in _KINDS}


def _by_intent(frames: Sequence[Frame], rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Utterances and suspects of each intent, and what they are likely instead, the most frequent first."""
    of: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        of[row["intent"]].append(row)
    sizes = Counter(frame.intent for frame in frames)
    table = {}
    for intent in sorted(sizes):
        likely = Counter(
            reason["likely"] for row in of[intent] for reason in row["reasons"] if reason["kind"] == "intent"
        )
        instead = dict(sorted(likely.items(), key=lambda each: (-each[1], each[0])))
        table[intent] = {"utterances": sizes[intent], **_kinds(of[intent]), "likely": instead}
    return table

"""The model card: what a model is, was made of, can do and cannot, from recorded numbers alone.

It begins with metadata as the Hugging Face hub reads them. A figure that nobody measured is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from understudy.core.files import atomic_write
from understudy.export.calibration import Calibration

CARD = "README.md"

_SHOWN = {
    "intent_accuracy": ("intent", "accuracy"),
    "slot_f1": ("slot F1", "f1"),
    "exact_match": ("exact match", "exact_match"),
    "semer": ("SemER", "semer"),
    "domain_f1": ("domain F1", "f1"),
}
"""Measure -> its heading, and its type in the metadata."""

_ANSWERS = {"intent": "{intents} intents", "slots": "{slots} slots", "domain": "{domains} domains"}


@dataclass(frozen=True)
class Measured:
    """Measures on one split, as the manifest of ``evaluate`` has them."""

    split: str
    labels: str
    by_locale: Mapping[str, Mapping[str, Any]]
    macro: Mapping[str, Any]
    intervals: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Served:
    """What export measured: its numbers, and the processor it ran on."""

    numbers: Mapping[str, Any]
    processor: str


@dataclass(frozen=True)
class Card:
    """Everything that the card of a model says."""

    name: str
    recipe: str
    locales: Sequence[str]
    heads: Sequence[str]
    crf: bool
    labels: Mapping[str, int]
    """Numbers of ``intents``, ``slots`` and ``domains``."""
    sizes: Mapping[str, Any]
    """Heading -> figure."""
    max_length: int
    data: Sequence[Sequence[str]]
    """Rows: step, what it read, languages, amount, licence."""
    training: Sequence[Sequence[str]]
    """Rows: step, stage, what it started from or read, amount."""
    calibration: Calibration
    measured: Sequence[Measured] = ()
    served: Served | None = None
    license: str | None = None


def write_card(card: Card, folder: Path) -> None:
    """Put ``README.md`` into the folder."""
    with atomic_write(folder / CARD) as handle:
        handle.write(card_text(card))


def card_text(card: Card) -> str:
    """The card as Markdown with YAML metadata in front."""
    sections = [
        f"---\n{yaml.safe_dump(_metadata(card), sort_keys=False, allow_unicode=True)}---",
        f"# {card.name}",
        _what(card),
        *_data(card),
        *(part for measured in card.measured for part in _measures(measured)),
        *_confidence(card.calibration),
        *([] if card.served is None else _served(card.served)),
        _limits(card),
        _use(card),
    ]
    return "\n\n".join(sections) + "\n"


def _metadata(card: Card) -> dict[str, Any]:
    tasks = {
        "intent": "text-classification",
        "domain": "text-classification",
        "slots": "token-classification",
    }
    metadata: dict[str, Any] = {"language": sorted({locale.partition("-")[0] for locale in card.locales})}
    if card.license is not None:
        metadata["license"] = card.license
    metadata |= {
        "library_name": "understudy",
        "pipeline_tag": tasks[card.heads[0]],
        "tags": ["natural-language-understanding", *[f"{head}-classification" for head in card.heads]],
    }
    results = [
        {
            "task": {"type": tasks[card.heads[0]]},
            "dataset": {
                "type": measured.labels,
                "name": measured.labels,
                "config": locale,
                "split": measured.split,
            },
            "metrics": [
                {"type": _SHOWN[name][1], "name": _SHOWN[name][0], "value": round(row[name], 6)}
                for name in _SHOWN
                if row.get(name) is not None
            ],
        }
        for measured in card.measured
        for locale, row in measured.by_locale.items()
    ]
    if any(result["metrics"] for result in results):
        metadata["model-index"] = [{"name": card.name, "results": results}]
    return metadata


def _what(card: Card) -> str:
    answers = [_ANSWERS[head].format(**card.labels) for head in card.heads]
    text = (
        f"Reads one utterance and names {_and(answers)}; languages: {', '.join(card.locales)}. "
        f"Made by understudy, step `{card.name}` of the recipe `{card.recipe}`."
    )
    if card.crf:
        text += " Slots are the best path of a linear-chain CRF."
    rows = [(heading, _figure(value)) for heading, value in card.sizes.items()]
    return f"{text}\n\n{_table(('size', ''), rows)}"


def _data(card: Card) -> Iterator[str]:
    yield "## What it was trained on"
    if card.data:
        yield _table(("step", "data", "languages", "amount", "licence"), card.data)
    if card.training:
        yield _table(("step", "stage", "from", "amount"), card.training)


def _measures(measured: Measured) -> Iterator[str]:
    names = [name for name in _SHOWN if measured.macro.get(name) is not None]
    yield f"## Measures on the {measured.split} split of `{measured.labels}`"
    if not names:
        yield "None has a value."
        return
    of_locale, of_all = measured.intervals.get("locale", {}), measured.intervals.get("all", {})
    rows = [
        (locale, *(_percent(row.get(name), of_locale.get(locale, {}).get(name)) for name in names))
        for locale, row in measured.by_locale.items()
    ]
    rows.append(
        ("mean", *(_percent(measured.macro[name], of_all.get("macro", {}).get(name)) for name in names))
    )
    yield _table(("locale", *(_SHOWN[name][0] for name in names)), rows)
    if measured.intervals:
        share = f"{100 * measured.intervals['confidence']:g}"
        yield (
            f"Percent; in brackets the {share} % interval of {measured.intervals['resamplings']:,} bootstrap "
            "resamplings. SemER is an error rate, the others are shares of what is right."
        )
    else:
        yield "Percent. SemER is an error rate, the others are shares of what is right."


def _confidence(calibration: Calibration) -> Iterator[str]:
    yield "## Confidence"
    yield (
        f"Calibrated on {calibration.utterances:,} development utterances. Errors are expected calibration "
        "errors, in percent."
    )
    rows = [
        (
            head,
            f"{row.temperature:.3f}" + (f" ({row.reason})" if row.reason else ""),
            _percent(row.error_before),
            _percent(row.error_after),
        )
        for head, row in calibration.heads.items()
    ]
    frame = calibration.frame
    rows.append(("frame", "", _percent(frame.error_before), _percent(frame.error_after)))
    yield _table(("head", "temperature", "error before", "after"), rows)
    rejection = calibration.rejection
    if rejection is None:
        yield "No rejection threshold was asked for; only a frame that says `out_of_scope` is rejected."
    elif rejection.reason is not None:
        yield f"No rejection threshold: {rejection.reason}."
    else:
        yield (
            f"Frames whose confidence is not above {rejection.threshold:.4f} are rejected. On development "
            f"data that accepts {_percent(rejection.false_accept_rate)} % of {rejection.number:,} "
            f"{rejection.unwanted} ({_percent(rejection.wanted)} % were allowed) and "
            f"{_percent(rejection.acceptance_rate)} % of all utterances in scope."
        )


def _served(served: Served) -> Iterator[str]:
    numbers = served.numbers
    yield "## Served form"
    precisions = list(numbers["bytes"])
    rows = [
        (
            precision,
            f"{numbers['bytes'][precision] / 1e6:.1f} MB",
            f"{numbers['p50_ms'][precision]:.2f} ms",
            f"{numbers['predict_p50_ms'][precision]:.2f} ms",
            _percent(numbers["confidence"][precision]["calibration_error"]),
            _percent(numbers["confidence"][precision]["false_accept_rate"]),
            *(_percent(value) for value in numbers[numbers["judged_by"]].get(precision, {}).values()),
        )
        for precision in precisions
    ]
    measure, locales = numbers["judged_by"], numbers[numbers["judged_by"]]["fp32"]
    told = ("size", "graph", "text to frame", "calibration error", "wrong ones accepted")
    yield _table(("precision", *told, *locales), rows)
    gate = f"{_percent(numbers['max_loss'])} points"
    yield (
        f"Under each locale {measure.replace('_', ' ')}, percent, on {numbers['dev_utterances']:,} "
        f"development utterances. Served is {numbers['served']}"
        + (f"; int8 may lose at most {gate} in any locale." if "int8" in precisions else ".")
        + f" Times are medians of one utterance, one thread, {served.processor}. Errors are of whole frames."
    )


def _limits(card: Card) -> str:
    points = [
        f"It is meant for utterances in {_and(list(card.locales))}; other locales are refused.",
        "Text is read as a speech recogniser writes it, in lower case and without punctuation, where it was "
        "trained on such text (see above).",
        f"An utterance has at most {card.max_length} pieces; longer ones are refused.",
        "It can only answer with labels of its training data, and has an answer for every utterance: what it "
        "was not made for is to be told by confidence and `rejected`.",
        "Measures hold for data like those they were taken on.",
    ]
    return "## Intended use and limits\n\n" + "\n".join(f"- {point}" for point in points)


def _use(card: Card) -> str:
    if card.served is None:
        return "It is served once `understudy` has exported it to a bundle."
    return (
        "## How to use it\n\n```\n"
        f'understudy predict FOLDER "..." --locale {card.locales[0]} --json\n'
        "understudy serve FOLDER\n```"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _percent(value: float | None, interval: Sequence[float] | None = None) -> str:
    if value is None:
        return "none"
    text = f"{100 * value:.2f}"
    return text if interval is None else f"{text} [{100 * interval[0]:.2f}, {100 * interval[1]:.2f}]"


def _figure(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

"""Write the embedded demonstration world: labelled, unlabelled and generic text of each locale."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from understudy.core.errors import UserError
from understudy.core.files import write_jsonl
from understudy.core.progress import progress
from understudy.core.recipe.text_steps import Generate
from understudy.core.stage import Inputs
from understudy.demo import world
from understudy.utterances.frame import Frame, Partition


def run(config: Generate, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Write ``labelled/<locale>.jsonl``, ``unlabelled/<locale>.jsonl`` and ``generic/<language>.jsonl``.

    Where it is asked for also ``out_of_scope/<locale>.jsonl``. Returns counts by locale and kind.

    Raises:
        UserError: a locale the world does not speak, or named twice.
    """
    del inputs  # this stage reads nothing
    for locale in config.locales:
        world.check_locale(locale)
    if len(set(config.locales)) < len(config.locales):
        raise UserError(f"a locale is named twice: {', '.join(config.locales)}")
    numbers: dict[str, Any] = {}
    with progress("generate", total=len(config.locales), unit="locales") as bar:
        for locale in config.locales:
            numbers[locale] = _write(config, locale, out)
            bar.advance(1, note=locale)
    return {"locales": numbers, "domains": len(set(world.INTENTS.values())), "intents": len(world.INTENTS)}


def _write(config: Generate, locale: str, out: Path) -> dict[str, Any]:
    language = locale[:2]
    sizes = {"train": config.train, "dev": config.dev, "test": config.test}
    parts = get_args(Partition)
    frames = {part: world.labelled(locale, part, sizes[part], config.seed) for part in parts}
    _write_frames(frames, out / "labelled" / f"{locale}.jsonl")
    if config.out_of_scope:
        beyond = {part: world.out_of_scope(locale, part, config.out_of_scope, config.seed) for part in parts}
        _write_frames(beyond, out / "out_of_scope" / f"{locale}.jsonl")
    unlabelled = list(world.unlabelled(locale, config.unlabelled, config.seed))
    write_jsonl(
        out / "unlabelled" / f"{locale}.jsonl", ({"text": text, "locale": locale} for text in unlabelled)
    )
    generic = list(world.generic(locale, config.generic, config.seed))
    write_jsonl(
        out / "generic" / f"{language}.jsonl", ({"text": text, "language": language} for text in generic)
    )
    slots = {slot.name for rows in frames.values() for frame in rows for slot in frame.slots}
    return {
        **{part: len(rows) for part, rows in frames.items()},
        "unlabelled": len(unlabelled),
        "unlabelled_distinct": len(set(unlabelled)),
        "generic": len(generic),
        "slots": len(slots),
    }


def _write_frames(frames: dict[Partition, list[Frame]], path: Path) -> None:
    rows = (frame.to_json() | {"partition": part} for part, each in frames.items() for frame in each)
    write_jsonl(path, rows)

"""Prepared text into shards of piece ids, once for every model that reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import write_json
from understudy.core.progress import Bar, progress
from understudy.core.recipe.text_steps import Encode
from understudy.core.stage import Inputs
from understudy.tokenizer.load import copy_tokenizer, load_tokenizer, tokenizer_folder
from understudy.tokenizer.prepared import PreparedText
from understudy.tokenizer.protocol import SpecialPieces, Tokenizer
from understudy.tokenizer.shards import ShardWriter, cut

SPLITS = ("train", "validation")


def run(config: Encode, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Write ``train/``, ``validation/``, ``tokenizer/`` and, last, ``shards.json``.

    Raises:
        UserError: a split without text; a damaged tokenizer or text file.
    """
    source, origin = inputs.artifacts[config.text], inputs.artifacts[config.tokenizer]
    index = out / "shards.json"
    index.unlink(missing_ok=True)
    folder = tokenizer_folder(origin.path)
    tokenizer = load_tokenizer(folder)
    # A model's table may have more rows than its tokenizer has pieces.
    special = tokenizer.special.widened(origin.numbers.get("vocabulary", 0))
    texts = {split: PreparedText([source.file(split)]) for split in SPLITS}
    languages = sorted(set().union(*(text.languages() for text in texts.values())))
    with progress("encode", total=sum(text.num_rows for text in texts.values()), unit="rows read") as bar:
        numbers = {
            split: _encode(text, tokenizer, special, languages, config.max_length, out / split, bar)
            for split, text in texts.items()
        }
    for split in SPLITS:
        if not numbers[split]["rows"]:
            raise UserError(
                "holds no text; prepare more text or raise 'validation_share'", file=source.file(split)
            )
    copy_tokenizer(folder, out / "tokenizer")
    write_json(
        index,
        {
            "tokenizer": tokenizer.fingerprint,
            "vocabulary": special.vocabulary,
            "special": special.as_dict(),
            "languages": languages,
            "max_length": config.max_length,
            "rows": {split: numbers[split]["rows"] for split in SPLITS},
            "tokens": {split: numbers[split]["tokens"] for split in SPLITS},
        },
    )
    return numbers


def _encode(
    text: PreparedText,
    tokenizer: Tokenizer,
    special: SpecialPieces,
    languages: list[str],
    max_length: int,
    folder: Path,
    bar: Bar,
) -> dict[str, Any]:
    """One split; the numbers count special tokens as tokens."""
    number_of = {language: i for i, language in enumerate(languages)}
    by_language = {language: {"rows": 0, "tokens": 0} for language in languages}
    unknown = 0
    with ShardWriter(folder, special.vocabulary) as writer:
        for texts, its_languages in text.batches():
            rows: list[list[int]] = []
            row_languages: list[int] = []
            for ids, language in zip(tokenizer.ids(texts), its_languages, strict=True):
                cuts = cut(ids, max_length, special.begin, special.end)
                rows += cuts
                row_languages += [number_of[language]] * len(cuts)
                by_language[language]["rows"] += len(cuts)
                by_language[language]["tokens"] += len(ids) + 2 * len(cuts)
                unknown += 0 if special.unknown is None else ids.count(special.unknown)
            writer.write(rows, row_languages)
            bar.advance(len(texts))
    return {
        "rows": writer.num_rows,
        "tokens": writer.num_tokens,
        "unk_portion": round(unknown / max(1, writer.num_tokens - 2 * writer.num_rows), 6),
        "by_language": by_language,
    }

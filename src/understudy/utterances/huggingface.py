"""Labelled tables of Hugging Face ``datasets``: from the hub, from a folder, or as our own Parquet files.

Three layouts are known by their columns: a frame's own (``text, intent, slots``), MASSIVE's
(``utt, annot_utt, scenario, intent``), and tokens with tags (``tokens``, ``ner_tags`` or ``tags`` or
``slots``). Numbers of a ClassLabel column are turned into their names.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.utterances.bio import frame_of_tokens
from understudy.utterances.frame import Frame, Partition, Utterance, partition_of
from understudy.utterances.given import Given
from understudy.utterances.massive import utterance_of

_SPLITS: dict[str, Partition] = {
    "train": "train",
    "validation": "dev",
    "dev": "dev",
    "valid": "dev",
    "test": "test",
}
_FILES = {"train": "train", "dev": "validation", "test": "test"}
_TAGS = ("ner_tags", "tags", "slots")


def read_huggingface(path: Path, given: Given) -> Iterator[Utterance]:
    """The utterances of every split of a data set.

    Args:
        path: a folder of data files or of ``save_to_disk``, or a name on the hub, ``owner/name`` or
            ``owner/name:config``.

    Raises:
        UserError: ``datasets`` is not installed; no such data set; columns of no known layout; a bad row,
            with its split and number.
    """
    if importlib.util.find_spec("datasets") is None:
        raise UserError("reading Hugging Face data sets needs: pip install 'understudy[huggingface]'")
    for split, table in _load(path).items():
        partition = _SPLITS.get(str(split))
        if partition is None:
            given.lost[f"rows of split '{split}'"] += table.num_rows
            continue
        names = {
            column: feature.names for column, feature in table.features.items() if hasattr(feature, "names")
        }
        tags = next((column for column in _TAGS if column in table.features), None)
        inner: Any = getattr(table.features[tags], "feature", None) if tags else None
        if tags and hasattr(inner, "names"):
            names[tags] = inner.names
        for number, row in enumerate(table, start=1):
            try:
                yield _utterance(_with_names(row, names), partition, tags, number, given)
            except UserError as error:
                raise UserError(f"{error.problem} (split '{split}')", file=path, place=number) from None


def write_huggingface(path: Path, utterances: Iterable[Utterance], given: Given) -> int:
    """Write ``train``, ``validation`` and ``test`` Parquet files that ``load_dataset(folder)`` reads.

    The columns are a frame's keys; nothing is lost. Returns the number of utterances.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    del given
    slot = pa.struct(
        [("name", pa.string()), ("value", pa.string()), ("start", pa.int64()), ("end", pa.int64())]
    )
    texts = [(key, pa.string()) for key in ("id", "locale", "text", "domain", "intent")]
    schema = pa.schema([*texts, ("slots", pa.list_(slot))])
    rows: dict[Partition, list[dict[str, Any]]] = {}
    for utterance in utterances:
        rows.setdefault(utterance.partition, []).append(utterance.frame.to_json())
    path.mkdir(parents=True, exist_ok=True)
    for partition, frames in rows.items():
        target = path / f"{_FILES[partition]}.parquet"
        temporary = target.with_name(f".{target.name}.tmp")
        pq.write_table(pa.Table.from_pylist(frames, schema=schema), temporary)
        temporary.replace(target)
    return sum(map(len, rows.values()))


def _load(path: Path) -> dict[Any, Any]:
    import datasets

    try:
        if (path / "dataset_dict.json").exists() or (path / "dataset_info.json").exists():
            loaded = datasets.load_from_disk(str(path))
        else:
            name, _, config = str(path).partition(":")
            loaded = datasets.load_dataset(name, config or None)
    except Exception as error:  # its errors are of a dozen kinds, from files to the network
        first = f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"
        raise UserError(f"cannot be loaded as a data set ({first})", file=path) from None
    return dict(loaded) if isinstance(loaded, dict) else {loaded.split or "train": loaded}


def _with_names(row: dict[str, Any], names: dict[str, list[str]]) -> dict[str, Any]:
    named = dict(row)
    for column, its in names.items():
        value = row[column]
        named[column] = (
            [its[i] for i in value] if isinstance(value, list) else its[value] if value >= 0 else ""
        )
    return named


def _utterance(
    row: dict[str, Any], partition: Partition, tags: str | None, number: int, given: Given
) -> Utterance:
    identifier = str(row.get("id", number))
    if "annot_utt" in row:
        mine = {**row, "id": identifier, "partition": row.get("partition") or partition}
        return utterance_of(mine, given.locale_of(row.get("locale")))
    locale = given.locale_of(row.get("locale"))
    known = {key: str(row.get(key) or "") for key in ("domain", "intent")}
    if not known["intent"]:
        known["intent"] = str(row.get("label") or "")
    named = partition_of(row) if isinstance(row.get("partition"), str) else partition
    if isinstance(row.get("tokens"), list) and tags is not None:
        frame = frame_of_tokens(identifier, locale, row["tokens"], row[tags], **known)
    elif "text" in row:
        frame = Frame.from_json(
            {"slots": [], **row, "id": identifier, "locale": locale, **known}  # slots: intents alone
        )
    else:
        raise UserError(
            "columns of no known layout: text, intent, slots; utt, annot_utt; or tokens, ner_tags; there are:"
            f" {', '.join(row)}"
        )
    return Utterance(frame, named)

"""What a recipe reads, corpora and label sets, and the marks by which step configs name things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Strict(BaseModel):
    """Frozen, and an unknown key is an error: no key of a recipe is ever silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class Reads:
    """Marks a field that names a step (or steps) whose artifact this step reads."""

    stages: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """Marks a field that names an entry of the recipe's ``corpora`` or ``labels``."""

    section: Literal["corpora", "labels"]


@dataclass(frozen=True)
class Reference:
    """Marks a field that holds the path of a local file or folder: its bytes are part of the fingerprint."""

    or_name: bool = False
    """What does not exist here may be the name of something elsewhere, which the stage looks for."""


class Corpus(Strict):
    """Text, a sentence, an utterance or a document a row, from files anywhere."""

    path: str
    """Address: a file, a folder, a glob, or what fsspec opens (``s3://...``, ``hf://...``). It may hold
    ``{data}``, ``{language}`` and ``{locale}``. ``.gz``, ``.xz``, ``.bz2`` and ``.zst`` are unpacked.
    With ``huggingface``: ``owner/name`` or ``owner/name/config`` on the hub, or a local folder."""
    locales: tuple[str, ...]
    """Locales or bare languages; each one's files are read and labelled with it."""
    format: Literal["jsonl", "text", "csv", "tsv", "parquet", "huggingface"] = "jsonl"
    field: str = "text"
    """All but plain text: the key or column that holds the text."""
    unit: Literal["line", "document"] | None = None
    """What a row is. ``line``: each line of a text. ``document``: the whole value of ``field``, or in plain
    text the lines up to a blank one, as CC-100 has them. None: a line of plain text, else a document."""
    where: dict[str, str] = Field(default_factory=dict)
    """All but plain text: keep only rows whose keys have these values, for example ``{partition: train}``."""
    confidence: str | None = None
    """All but plain text: the key that holds the recogniser's confidence, such as ``asr_confidence``; what is
    dropped by it is the step's ``filters.confidence`` to say."""
    split: str | None = None
    """``huggingface``: the split to read; none: ``train``."""
    damaged: Literal["stop", "drop"] = "stop"
    """A row that cannot be read (not UTF-8, no JSON object, no text, over 16 MiB) stops the run with its
    place, or is dropped and counted by its reason. A damaged file always stops the run."""
    license: str | None = None
    """Licence of the data, for the model card; not part of what a step is made from."""
    kind: Literal["public", "in_domain"] = "public"
    """Public text is written; in-domain text is recogniser output, already in spoken form."""
    source: Annotated[str | None, Reads(("generate",))] = None
    """A step whose artifact holds the files; ``path`` is then relative to it."""

    @model_validator(mode="after")
    def _keys_that_the_format_has(self) -> Self:
        for key in ("field", "where", "confidence") if self.format == "text" else ():
            if key in self.model_fields_set:
                raise ValueError(f"plain text has no keys; drop '{key}' or use jsonl")
        if self.split is not None and self.format != "huggingface":
            raise ValueError("only huggingface data has splits; drop 'split', or choose rows by 'where'")
        return self


class Labels(Strict):
    """Labelled utterances: intents and slots; or texts and pairs with one label (``xnli``, ``pairs``)."""

    path: str
    """Address, as in a corpus; with ``xnli`` the folder that holds its public files."""
    locales: tuple[str, ...]
    format: Literal["massive", "frames", "bio", "xnli", "pairs"] = "massive"
    """Formats that name partitions; others are converted first (``understudy data convert``)."""
    fraction: float = Field(default=1.0, gt=0.0, le=1.0)
    """Share of the *training* utterances used, the same stable choice at every run."""
    license: str | None = None
    """As in a corpus."""
    source: Annotated[str | None, Reads(("generate", "resample"))] = None
    """A step whose artifact holds the files; ``path`` is then relative to it."""

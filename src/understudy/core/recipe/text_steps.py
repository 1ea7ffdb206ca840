"""Steps from text to token ids."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from understudy.core.recipe.deidentify import Deidentify
from understudy.core.recipe.entries import Names, Reads, Strict
from understudy.core.recipe.spoken import Spoken
from understudy.core.recipe.step import Step
from understudy.core.recipe.text_filters import Filters
from understudy.core.recipe.vocabulary import GuaranteedCharacters, Vocabulary


class Generate(Step):
    """Write the embedded demonstration world: labelled utterances and generic sentences."""

    stage: Literal["generate"]
    locales: tuple[str, ...] = ("en-US", "de-DE", "hi-IN", "ja-JP")
    train: int = Field(default=2000, ge=20)
    """Labelled training utterances a locale."""
    dev: int = Field(default=300, ge=10)
    test: int = Field(default=500, ge=10)
    unlabelled: int = Field(default=12000, ge=10)
    """In-domain utterances a locale without labels, with Zipf-like repeats."""
    generic: int = Field(default=8000, ge=10)
    """Generic written sentences a language."""
    out_of_scope: int = Field(default=0, ge=0, le=2000)
    """Sentences a locale and split that are none of the assistant's business, as labelled utterances."""


class Engine(Strict):
    """Where corpus work runs: in this process, or on a Ray cluster."""

    ray: str | None = None


class Prepare(Step):
    """Text into a training corpus (paper A 2.1, 2.2)."""

    version: ClassVar[int] = 2
    splits = ("dev", "test")
    """Opened for the contamination filter alone, to keep their texts out."""

    stage: Literal["prepare"]
    corpora: Annotated[tuple[str, ...], Names("corpora")]
    spoken: Spoken = Spoken()
    """How much of the public text is put into spoken form, and with how many errors of a recogniser."""
    deidentify: Deidentify | None = Deidentify()
    """Placeholders for personal data, before anything else is looked at; null: none."""
    minimum_words: int = Field(default=5, ge=0)
    """In-domain utterances with fewer words are dropped."""
    filters: Filters = Filters()
    """What else is dropped; every reason is counted."""
    dropped: Literal["count", "keep"] = "count"
    """``keep``: what filters drop is also written aside, to ``dropped/``, with its reason."""
    alpha: float = Field(default=0.5, ge=0, le=1)
    """Language sampling: q_i = p_i^alpha / sum_j p_j^alpha."""
    mix: tuple[float, float] | dict[str, float] = (1.0, 2.0)
    """public : in-domain, where both kinds are read. Or a transfer set (paper B 3.1): a weight a corpus, as
    ``{wikipedia: 35, common-crawl: 35, task: 30}``; then every language gives the same number of rows, one
    that lacks a corpus takes more of the others in proportion, and ``alpha`` is not used."""
    examples: int | None = Field(default=None, ge=1)
    """Sentences and utterances in all after sampling; none: as many as were kept."""
    pack_words: int = Field(default=700, ge=0)
    """Public sentences are joined into sequences of about this many words; 0 keeps one a row."""
    validation_share: float = Field(default=0.005, gt=0, lt=0.5)
    shards: int = Field(default=4, ge=1)
    engine: Engine = Engine()


class Tokenizer(Step):
    """A SentencePiece unigram model from prepared text (paper A 2.3)."""

    version: ClassVar[int] = 2

    stage: Literal["tokenizer"]
    text: Annotated[tuple[str, ...], Reads(("prepare",))]
    vocabulary: Vocabulary = 150_000
    """Pieces, special tokens included; or ``{match: FOLDER}``: as many as a reference tokenizer takes."""
    held_out: Annotated[tuple[str, ...], Reads(("prepare",))] = ()
    """Whose validation rows are measured; none: those of ``text``."""
    sentences: int = Field(default=1_000_000, ge=100)
    """This many rows are sampled for training; equal rows are sampled together."""
    characters: GuaranteedCharacters = ""
    """Characters that must be pieces: ``"äöü"``, or ``{sets: [joyo, hiragana, katakana], also: "äöü"}``."""
    coverage: float = Field(default=0.9995, gt=0.9, le=1)
    """Share of the text's characters that must be pieces; the rarest beyond it are unknown."""
    memory_limit: float | None = Field(default=None, gt=0)
    """GB that training may take; none: four fifths of the machine's."""


class Encode(Step):
    """Prepared text into token-id shards, once, for every model that reads them."""

    stage: Literal["encode"]
    text: Annotated[str, Reads(("prepare",))]
    tokenizer: Annotated[str, Reads(("tokenizer", "pretrained"))]
    """Ours, or that of a model from elsewhere."""
    max_length: int = Field(default=128, ge=8)
    """Rows longer than this many pieces are cut into several; special tokens included."""


class Similarity(Step):
    """How like generic text each domain is: tf-idf cosine by locale (paper B 5.2)."""

    stage: Literal["similarity"]
    labels: Annotated[str, Names("labels")]
    """Whose training utterances, domain by domain, are compared."""
    corpora: Annotated[tuple[str, ...], Names("corpora")]
    """The generic sources; as many sentences are drawn from each that has the language."""
    utterances: int = Field(default=100_000, ge=1)
    """At most this many of a domain."""
    sentences: int = Field(default=100_000, ge=1)
    """Of all generic sources together."""
    resamplings: int = Field(default=3, ge=1)

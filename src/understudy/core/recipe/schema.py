"""What a recipe may say: the config of every step, strict and frozen.

A step config names the steps it reads in fields marked :class:`Reads`; the graph and the fingerprints
follow those marks, so a new stage needs a class here, one file in ``stages/`` and nothing else.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from understudy.core.duration import Duration
from understudy.core.recipe.entries import Corpus, Labels, Names, Reads, Strict


class EncoderShape(Strict):
    """The size of an encoder: a preset's name, or the four sizes."""

    preset: str | None = None
    layers: int | None = Field(default=None, ge=1)
    hidden: int | None = Field(default=None, ge=8)
    ffn: int | None = Field(default=None, ge=8)
    heads: int | None = Field(default=None, ge=1)
    max_length: int | None = Field(default=None, ge=8)
    """Longest sequence in pieces, special tokens included."""
    dropout: float = Field(default=0.1, ge=0.0, lt=1.0)

    @model_validator(mode="after")
    def _preset_or_sizes(self) -> EncoderShape:
        sizes = {"layers": self.layers, "hidden": self.hidden, "ffn": self.ffn, "heads": self.heads}
        missing = [name for name, value in sizes.items() if value is None]
        if self.preset is None and missing:
            raise ValueError(f"give 'preset', or also: {', '.join(missing)}")
        if self.hidden and self.heads and self.hidden % self.heads:
            raise ValueError(f"{self.heads} heads do not divide the hidden size {self.hidden}")
        return self


class Optimization(Strict):
    """How an encoder or its heads are trained (paper table 7 names each of these)."""

    learning_rate: float = Field(default=1e-3, gt=0)
    """Peak, reached at the end of the warm-up."""
    minimum_learning_rate: float = Field(default=1e-5, ge=0)
    warmup: float = Field(default=0.06, ge=0, lt=1)
    """Share of the steps spent in linear warm-up; linear decay to the minimum follows."""
    weight_decay: float = Field(default=0.01, ge=0)
    clip: float = Field(default=1.0, gt=0)
    betas: tuple[float, float] = (0.9, 0.98)
    tokens_per_batch: int = Field(default=8192, ge=64)
    """Positions in one optimizer step, padding included."""
    bf16: bool = True
    """Matrix products in bfloat16; statistics, softmax and losses stay in float32."""


class Step(Strict):
    """What every step has."""

    version: ClassVar[int] = 1
    """Part of the fingerprint; raise it in a subclass when the stage's output changes."""

    splits: ClassVar[tuple[str, ...]] = ("train", "dev")
    """The splits of a label set that the stage may open; the rest is kept from it."""

    seed: int = Field(default=0, ge=0, lt=2**32)
    matrix: dict[str, tuple[Any, ...]] = Field(default_factory=dict)
    """A grid: each combination becomes a step of its own, its values added to the name."""


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


class Engine(Strict):
    """Where corpus work runs: in this process, or on a Ray cluster."""

    ray: str | None = None


class Prepare(Step):
    """Text into a training corpus (paper A 2.1, 2.2)."""

    stage: Literal["prepare"]
    corpora: Annotated[tuple[str, ...], Names("corpora")]
    spoken_share: float = Field(default=0.7, ge=0, le=1)
    """Share of public sentences turned into spoken form; a stable choice per sentence."""
    minimum_words: int = Field(default=5, ge=0)
    """In-domain utterances with fewer words are dropped."""
    alpha: float = Field(default=0.5, ge=0, le=1)
    """Language sampling: q_i = p_i^alpha / sum_j p_j^alpha."""
    mix: tuple[float, float] = (1.0, 2.0)
    """public : in-domain, where both kinds are read."""
    examples: int | None = Field(default=None, ge=1)
    """Sentences and utterances in all after sampling; none: as many as were kept."""
    pack_words: int = Field(default=700, ge=0)
    """Public sentences are joined into sequences of about this many words; 0 keeps one a row."""
    validation_share: float = Field(default=0.005, gt=0, lt=0.5)
    shards: int = Field(default=4, ge=1)
    engine: Engine = Engine()


class Tokenizer(Step):
    """A SentencePiece unigram model from prepared text (paper A 2.3)."""

    stage: Literal["tokenizer"]
    text: Annotated[tuple[str, ...], Reads(("prepare",))]
    vocabulary: int = Field(default=150_000, ge=64)
    sentences: int = Field(default=1_000_000, ge=100)
    """At most this many rows are sampled for training."""
    characters: str = ""
    """Characters that must be pieces."""


class Encode(Step):
    """Prepared text into token-id shards, once, for every model that reads them."""

    stage: Literal["encode"]
    text: Annotated[str, Reads(("prepare",))]
    tokenizer: Annotated[str, Reads(("tokenizer",))]
    max_length: int = Field(default=128, ge=8)
    """Rows longer than this many pieces are cut into several; special tokens included."""


class Pretrain(Step):
    """Masked language modelling, from random weights or from another step's model."""

    stage: Literal["pretrain"]
    shards: Annotated[str, Reads(("encode",))]
    start: Annotated[str | None, Reads(("pretrain", "distill"))] = Field(default=None, alias="from")
    """Continue from this model (Stage 2, paper A 2.5); none: random weights."""
    encoder: EncoderShape | None = None
    """Needed without ``from``; with it the size is inherited."""
    duration: Duration
    optimization: Optimization = Optimization()
    validate_every: int = Field(default=500, ge=1)
    """Steps between measurements of held-out perplexity."""
    checkpoint_every: int = Field(default=200, ge=1)
    """Steps between checkpoints; a killed run resumes from the newest."""

    @model_validator(mode="after")
    def _start_or_shape(self) -> Pretrain:
        if (self.start is None) == (self.encoder is None):
            raise ValueError("give exactly one of 'from' and 'encoder'")
        return self


class LossWeights(Strict):
    """Weight of each part of the distillation loss."""

    mlm: float = Field(default=1.0, ge=0)
    soft: float = Field(default=1.0, ge=0)
    hidden: float = Field(default=0.0, ge=0)


class Distill(Step):
    """A smaller model from a larger one: soft targets, hidden layers and MLM (paper A 2.6, B A.3)."""

    stage: Literal["distill"]
    teacher: Annotated[str, Reads(("pretrain", "distill"))]
    shards: Annotated[str, Reads(("encode",))]
    start: Annotated[str | None, Reads(("pretrain", "distill"))] = Field(default=None, alias="from")
    encoder: EncoderShape | None = None
    temperature: float = Field(default=1.0, gt=0)
    weights: LossWeights = LossWeights()
    """Weight of each loss; [A] uses mlm : soft = 1 : 1, [B] hidden : soft : mlm = 1 : 2 : 1."""
    layers: dict[int, int] | None = None
    """Student layer -> teacher layer for hidden matching; none: evenly spaced, last to last."""
    duration: Duration
    optimization: Optimization = Optimization()
    validate_every: int = Field(default=500, ge=1)
    checkpoint_every: int = Field(default=200, ge=1)

    @model_validator(mode="after")
    def _start_or_shape(self) -> Distill:
        if (self.start is None) == (self.encoder is None):
            raise ValueError("give exactly one of 'from' and 'encoder'")
        return self


class Finetune(Step):
    """Joint intent and slots on several languages together (paper A 3.2)."""

    stage: Literal["finetune"]
    model: Annotated[str | None, Reads(("pretrain", "distill"))] = None
    encoder: EncoderShape | None = None
    """Without ``model``: random weights of this size."""
    tokenizer: Annotated[str | None, Reads(("tokenizer",))] = None
    """Needed without ``model``; with it the model's own is used."""
    labels: Annotated[str, Names("labels")]
    frozen: bool = False
    """Train only the heads."""
    dropout: float = Field(default=0.1, ge=0, lt=1)
    """In encoder and heads while fine-tuning, whatever the encoder was trained with."""
    head: int = Field(default=256, ge=8)
    """Width of the two feed-forward layers of each head."""
    slot_weight: float = Field(default=1.0, ge=0)
    duration: Duration
    optimization: Optimization = Optimization(learning_rate=5e-4, tokens_per_batch=1024)
    max_length: int = Field(default=128, ge=8)
    validate_every: int | None = Field(default=None, ge=1)
    """Steps between measurements on the development split; none: at the end of each epoch."""
    checkpoint_every: int = Field(default=500, ge=1)

    @model_validator(mode="after")
    def _model_or_random(self) -> Finetune:
        if (self.model is None) == (self.encoder is None):
            raise ValueError("give exactly one of 'model' and 'encoder'")
        if (self.model is None) != (self.tokenizer is not None):
            raise ValueError("'tokenizer' goes with 'encoder'; a 'model' brings its own")
        return self


class Evaluate(Step):
    """Every measure on a split; the predictions are kept as frames."""

    splits = ("dev", "test")

    stage: Literal["evaluate"]
    model: Annotated[str, Reads(("finetune",))]
    labels: Annotated[str, Names("labels")]
    split: Literal["dev", "test"] = "test"


class Export(Step):
    """One ONNX graph of encoder and heads, int8, with its accuracy against fp32 (a bundle)."""

    stage: Literal["export"]
    model: Annotated[str, Reads(("finetune",))]
    labels: Annotated[str, Names("labels")]
    """Development utterances for the int8 gate and the latency figure."""
    int8: bool = True
    max_loss: float = Field(default=0.01, ge=0)
    """Largest drop of exact match, int8 against fp32, in any locale; beyond it fp32 is kept."""


class Report(Step):
    """The table of all models, and one page of HTML."""

    stage: Literal["report"]
    evaluations: Annotated[tuple[str, ...], Reads(("evaluate",))]
    exports: Annotated[tuple[str, ...], Reads(("export",))] = ()
    training: Annotated[tuple[str, ...], Reads(("pretrain", "distill"))] = ()
    """Steps whose cost and held-out perplexity are shown too."""
    titles: dict[str, str] = Field(default_factory=dict)
    """What a model is called in the tables, by the step it was fine-tuned from; ``random`` for none."""


StepConfig = Annotated[
    Generate | Prepare | Tokenizer | Encode | Pretrain | Distill | Finetune | Evaluate | Export | Report,
    Field(discriminator="stage"),
]


class Recipe(Strict):
    """One YAML file: what to read, and the steps from raw text to a served model."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    description: str = ""
    data: str = "data"
    """Root of the data; ``{data}`` in addresses."""
    corpora: dict[str, Corpus] = Field(default_factory=dict)
    labels: dict[str, Labels] = Field(default_factory=dict)
    steps: dict[str, StepConfig] = Field(min_length=1)

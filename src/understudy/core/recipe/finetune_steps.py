"""The step that teaches an encoder intents and slots."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from understudy.core.duration import Duration
from understudy.core.recipe.entries import Names, Reads
from understudy.core.recipe.heads import PAPER_A, Heads
from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.recipe.rejection import Rejection
from understudy.core.recipe.search import Search, check_space
from understudy.core.recipe.step import Step
from understudy.core.recipe.taught_steps import TaskTeacher
from understudy.core.recipe.watching import Trackers


class Finetune(Step):
    """Domain, intent and slots, in any mix, on several languages together (paper A 3.2, B 4.2)."""

    version: ClassVar[int] = 4

    stage: Literal["finetune"]
    model: Annotated[str | None, Reads(("pretrained", "pretrain", "distill"))] = None
    encoder: EncoderShape | None = None
    """Without ``model``: random weights of this size."""
    tokenizer: Annotated[str | None, Reads(("tokenizer", "pretrained"))] = None
    """Needed without ``model``; with it the model's own is used."""
    labels: Annotated[str, Names("labels")]
    domain: str | None = None
    """Train on the utterances of one domain; the model is then judged on those too."""
    locales: tuple[str, ...] | None = None
    """Train on some of the label set's locales; one may stand without brackets."""
    heads: Heads = PAPER_A
    cut_pieces: bool = True
    """In scripts without spaces, cut the pieces inside of which slots of the training data begin or end."""
    frozen: bool = False
    """Train only the heads."""
    unfreeze_every: float | None = Field(default=None, gt=0)
    """Begin with the heads alone, and train one more layer of the encoder after every so many epochs, the
    topmost first; with 0.5 two an epoch. The embeddings come last."""
    head_learning_rate: float | None = Field(default=None, gt=0)
    """Peak of the heads, in the same schedule; none: as the encoder's, ``optimization.learning_rate``."""
    layer_decay: float = Field(default=1.0, gt=0, le=1)
    """What the learning rate is multiplied with from a layer of the encoder to the one below it."""
    dropout: float = Field(default=0.1, ge=0, lt=1)
    """In encoder and heads while fine-tuning, whatever the encoder was trained with."""
    slot_weight: float = Field(default=1.0, ge=0)
    """Of the slots' part of the loss, beside 1 of intent and domain."""
    class_weights: dict[Literal["domain", "intent", "slots"], Literal["inverse", "sqrt"]] = Field(
        default_factory=dict
    )
    """By head: a class weighs by the inverse of its frequency, or of the frequency's square root."""
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    """Share of each target that is spread over all classes; not of a CRF."""
    r_drop: float = Field(default=0.0, ge=0)
    """Weight of the divergence between two passes that drop out differently (Wu et al. 2021); a step costs
    twice as much. Not of a CRF."""
    rejection: Rejection | None = None
    """How much may be accepted that should not be; none: every frame is accepted."""
    taught: TaskTeacher | None = None
    """A fine-tuned model, and utterances without labels to ask it about: what it says of these is learned
    too, beside the labelled ones."""
    search: Search | None = None
    """Train several times with other values of these keys, and keep the best."""
    duration: Duration
    optimization: Optimization = Optimization(learning_rate=5e-4, tokens_per_batch=1024)
    parallel: Parallel = Parallel()
    max_length: int = Field(default=128, ge=8)
    validate_every: int | None = Field(default=None, ge=1)
    """Steps between measurements on the development split; none: at the end of each epoch."""
    checkpoint_every: int = Field(default=500, ge=1)
    trackers: Trackers = ("tensorboard",)

    @field_validator("locales", mode="before")
    @classmethod
    def _one_locale(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _what_heads_allow(self) -> Finetune:
        if self.locales == ():
            raise ValueError("'locales' names none; leave it out to train on all")
        for name in self.class_weights:
            if getattr(self.heads, name) is None:
                raise ValueError(f"class_weights.{name}: there is no such head")
        if self.heads.crf and "slots" in self.class_weights:
            raise ValueError("class_weights.slots: a CRF judges paths, not tags; drop it, or the crf")
        if self.frozen and (self.unfreeze_every is not None or self.layer_decay != 1):
            raise ValueError("a frozen encoder has no use for 'unfreeze_every' and 'layer_decay'")
        return self

    @model_validator(mode="after")
    def _space_fits(self) -> Finetune:
        if self.search is not None:
            check_space(self, self.search)
        return self

    @model_validator(mode="after")
    def _model_or_random(self) -> Finetune:
        if (self.model is None) == (self.encoder is None):
            raise ValueError("give exactly one of 'model' and 'encoder'")
        if (self.model is None) != (self.tokenizer is not None):
            raise ValueError("'tokenizer' goes with 'encoder'; a 'model' brings its own")
        return self

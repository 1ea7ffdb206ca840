"""Hugging Face's masked language models behind the interface of ours: teachers, or starts for Stage 2.

Nothing here names an architecture. A ``...ForMaskedLM`` is a body that turns ids into hidden states, a head,
and an output layer; each can be had alone from the model's own ``forward`` by standing in for what the part
before, or the part after, would have made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.model.config import AdaptedConfig
from understudy.model.encoder import Encoder, MaskedLanguageModel, check_length

MISSING = "another architecture needs the package transformers; pip install 'understudy[huggingface]'"


class AdaptedEncoder(Encoder):
    """A model's body: ids to hidden states."""

    def __init__(self, body: nn.Module, config: AdaptedConfig) -> None:
        nn.Module.__init__(self)  # none of our own layers
        self.config = config
        self.architecture = config.architecture
        self.body = body
        # Registered within the body already; here for whoever shards or compiles layer by layer.
        object.__setattr__(self, "blocks", _layers(body, config.layers))

    def forward(self, ids: Tensor, mask: Tensor, states: list[Tensor] | None = None) -> Tensor:
        """As of :meth:`.Encoder.forward`; the last state may be after a final norm, as the library has it."""
        check_length(ids.shape[1], self.config)
        wanted = states is not None
        out = self.body(
            input_ids=ids, attention_mask=mask.long(), output_hidden_states=wanted, return_dict=True
        )
        if states is not None:
            states.extend(out.hidden_states[1:])
        hidden: Tensor = out.last_hidden_state
        return hidden

    def packed(self, *_: Any, **__: Any) -> Tensor:
        """Not to be had.

        Raises:
            UserError: always.
        """
        raise UserError(f"a model of type '{self.architecture}' reads padded rows only")


class AdaptedModel(MaskedLanguageModel):
    """A ``...ForMaskedLM`` with the interface of ours; :meth:`save` writes it as it came."""

    def __init__(self, whole: Any, dropout: float | None = None) -> None:
        nn.Module.__init__(self)  # none of our own layers
        self.whole = whole
        config = _sizes(whole)
        if dropout is not None:  # heads put on top have it too
            config = replace(config, dropout=dropout)
        self.config = config
        # The body is registered within `whole`; a second time would double every checkpoint.
        object.__setattr__(self, "encoder", AdaptedEncoder(whole.base_model, config))
        # So would a tied weight, and safetensors refuses two names of one memory.
        once = {id(weight): name for name, weight in self.named_parameters()}
        every = self.named_parameters(remove_duplicate=False)
        self._tied = {name: once[id(weight)] for name, weight in every if once[id(weight)] != name}
        self.register_state_dict_post_hook(_leave_out_tied)  # type: ignore[no-untyped-call]
        self.register_load_state_dict_pre_hook(_put_in_tied)  # type: ignore[no-untyped-call]

    def logits(self, hidden: Tensor) -> Tensor:
        """(N, H) outputs of the body -> (N, V), by the model's own head."""
        from transformers.modeling_outputs import BaseModelOutput

        made = BaseModelOutput(last_hidden_state=hidden[None])
        with _standing_in(self.whole.base_model, lambda *_, **__: made):
            ids = torch.zeros(1, len(hidden), dtype=torch.long, device=hidden.device)
            scores: Tensor = self.whole(input_ids=ids).logits[0]
        return scores

    def head(self, hidden: Tensor) -> Tensor:
        """(N, H) outputs of the body -> (N, H'), what the output matrix is multiplied with."""
        with _standing_in(self._output, lambda x: x):
            return self.logits(hidden)

    @property
    def output_matrix(self) -> Tensor:
        """(V, H')."""
        matrix: Tensor = self._output.weight
        return matrix

    @property
    def head_bias(self) -> Tensor | None:  # type: ignore[override]
        """(V,), or none."""
        bias: Tensor | None = self._output.bias
        return bias

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(B, L) ids and mask -> (B, L, V) scores everywhere."""
        scores: Tensor = self.whole(input_ids=ids, attention_mask=mask.long()).logits
        return scores

    def save(self, folder: Path) -> None:
        """Write ``config.json`` and safetensors of the model's own architecture."""
        # Weights put back in after sharded training come name by name; what is tied is stored once.
        self.whole.tie_weights()
        with quietly():
            self.whole.save_pretrained(folder)

    @property
    def _output(self) -> nn.Linear:
        output = self.whole.get_output_embeddings()
        if not isinstance(output, nn.Linear) or output.out_features != self.config.vocabulary:
            raise UserError(
                f"the output layer of '{self.whole.config.model_type}' cannot be had alone, so not in chunks"
            )
        return output


def load_adapted(folder: Path, dropout: float | None = None) -> AdaptedModel:
    """A masked language model of any architecture that ``transformers`` knows, float32, evaluation mode.

    Args:
        folder: ``config.json`` and safetensors; code in the folder is not run.
        dropout: replaces every dropout of ``config.json``.

    Raises:
        UserError: no ``transformers``; no masked language model; a file is missing or damaged.
    """
    transformers, config = _config_of(folder)
    if dropout is not None:
        for key, value in config.to_dict().items():
            if "dropout" in key and isinstance(value, float | int):
                setattr(config, key, dropout)
    try:
        with quietly():
            whole, info = transformers.AutoModelForMaskedLM.from_pretrained(
                folder,
                config=config,
                output_loading_info=True,
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,  # and not to be asked about
            )
    except Exception as error:
        raise UserError(f"no weights can be read from it ({error!s:.200})", file=folder) from None
    missing = sorted(info["missing_keys"])
    if missing:
        raise UserError(
            f"{len(missing)} weights of {type(whole).__name__} are missing, such as {missing[0]}; "
            "a masked language model with its head is due",
            file=folder,
        )
    return AdaptedModel(whole.float().eval(), dropout)


def load_adapted_sizes(folder: Path) -> AdaptedConfig:
    """What :func:`load_adapted` would have; no weights are read, nor held in memory.

    Raises:
        UserError: no ``transformers``; no masked language model; sizes that cannot be.
    """
    transformers, config = _config_of(folder)
    try:
        with torch.device("meta"):
            whole = transformers.AutoModelForMaskedLM.from_config(config)
    except Exception as error:  # each architecture has its own kinds
        raise UserError(f"no model can be made of it ({error!s:.200})", file=folder / "config.json") from None
    return _sizes(whole)


def _config_of(folder: Path) -> tuple[Any, Any]:
    """The library, and the config of a masked language model."""
    file = folder / "config.json"
    try:
        import transformers
        from transformers.models.auto.modeling_auto import MODEL_FOR_MASKED_LM_MAPPING
    except ImportError:
        raise UserError(MISSING, file=file) from None
    try:
        config = transformers.AutoConfig.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except Exception as error:  # unknown types and wrong values: each architecture has its own kinds
        raise UserError(f"cannot be read ({error!s:.200})", file=file, place="model_type") from None
    if type(config) not in MODEL_FOR_MASKED_LM_MAPPING:
        raise UserError(f"'{config.model_type}' is no masked language model", file=file, place="model_type")
    return transformers, config


def _leave_out_tied(model: Any, state: dict[str, Any], prefix: str, _: object) -> None:
    for name in model._tied:
        state.pop(prefix + name, None)


def _put_in_tied(model: Any, state: dict[str, Any], prefix: str, *_: object) -> None:
    for name, stored in model._tied.items():
        if prefix + stored in state:
            state.setdefault(prefix + name, state[prefix + stored])


@contextmanager
def _standing_in(module: nn.Module, forward: Callable[..., Any]) -> Iterator[None]:
    """Within this context ``forward`` is called in place of the module's own."""
    # On the instance it hides the class's; to mypy a method cannot be assigned.
    setattr(module, "forward", forward)  # noqa: B010
    try:
        yield
    finally:
        del module.forward


@contextmanager
def quietly() -> Iterator[None]:
    """No progress bars and no reports of the library's: what matters of them becomes an error."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _layers(body: nn.Module, count: int) -> nn.ModuleList:
    """The list of the body's layers; empty where there is none of that length."""
    lists = (part for part in body.modules() if isinstance(part, nn.ModuleList) and len(part) == count)
    return next(lists, nn.ModuleList())


def _sizes(whole: Any) -> AdaptedConfig:
    raw, body = whole.config, whole.base_model
    file = Path(raw.name_or_path) / "config.json"
    if body is whole:
        raise UserError(f"'{raw.model_type}' has no body apart from its head", file=file, place="model_type")
    embedding = encoder = 0
    for name, parameter in body.named_parameters():
        if "embed" in name.split(".")[0]:
            embedding += parameter.numel()
        else:
            encoder += parameter.numel()
    total = sum(parameter.numel() for parameter in whole.parameters())
    try:
        return AdaptedConfig(
            vocabulary=raw.vocab_size,
            layers=raw.num_hidden_layers,
            hidden=raw.hidden_size,
            # DistilBERT calls it otherwise.
            ffn=getattr(raw, "intermediate_size", None) or getattr(raw, "hidden_dim", 4 * raw.hidden_size),
            heads=raw.num_attention_heads,
            max_length=_max_length(raw, body),
            architecture=raw.model_type,
            counted=(embedding, encoder, total - embedding - encoder),
        )
    except AttributeError as error:
        raise UserError(f"lacks a size ({error})", file=file) from None


def _max_length(raw: Any, body: nn.Module) -> int:
    """Positions that a text may have: RoBERTa's table begins after the padding's."""
    longest: int = raw.max_position_embeddings
    for name, part in body.named_modules():
        if (
            name.endswith("position_embeddings")
            and isinstance(part, nn.Embedding)
            and part.padding_idx is not None
        ):
            longest -= part.padding_idx + 1
    return longest

"""Masked language models of other architectures, made here at toy size, behind the interface of ours."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import AutoModelForMaskedLM

from understudy.core.errors import UserError
from understudy.core.recipe.heads import PAPER_A
from understudy.model.adapters import AdaptedModel
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model, load_sizes, save_model
from understudy.model.nlu import NluModel
from understudy.objectives.chunked import chunked_cross_entropy_sum
from understudy.objectives.distillation import Distillation, Terms
from understudy.objectives.losses import mean_losses
from understudy.objectives.teaching import LiveTeacher
from understudy.utterances.tags import LabelSet

VOCABULARY = 60
SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 26,
    "pad_token_id": 1,
}
DISTILBERT = {"vocab_size": VOCABULARY, "dim": 32, "n_layers": 3, "n_heads": 4, "hidden_dim": 48} | {
    "max_position_embeddings": 26,
    "pad_token_id": 1,
}
RELATIVE = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_buckets": 8}
KINDS: dict[str, dict[str, Any]] = {
    "xlm-roberta": SIZES,
    "bert": SIZES,
    "distilbert": DISTILBERT,
    "modernbert": SIZES
    | {"bos_token_id": 0, "eos_token_id": 2, "cls_token_id": 0, "sep_token_id": 2, "local_attention": 8},
    "deberta-v2": SIZES | RELATIVE,
    "albert": SIZES | {"embedding_size": 16},
}
LONGEST = {"xlm-roberta": 24}
LENGTHS = [3, 9, 24, 1, 12]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@torch.no_grad()
def make(kind: str, folder: Path, **more: Any) -> Any:
    """A checkpoint whose every weight differs from its start; the model that wrote it."""
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(kind, **KINDS[kind] | more)
    whole = AutoModelForMaskedLM.from_config(config).eval()
    for parameter in whole.parameters():
        parameter.add_(0.15 * torch.randn_like(parameter))
    whole.save_pretrained(folder)
    return whole


@pytest.fixture
def stock(kind: str, tmp_path: Path) -> Any:
    return make(kind, tmp_path / kind)


@pytest.fixture
def adapted(kind: str, stock: Any, tmp_path: Path) -> AdaptedModel:
    loaded = load_model(tmp_path / kind)
    assert isinstance(loaded, AdaptedModel)
    return loaded


def padded() -> tuple[Tensor, Tensor]:
    ids = torch.randint(5, VOCABULARY, (len(LENGTHS), 24), generator=torch.Generator().manual_seed(2))
    mask = torch.arange(24) < torch.tensor(LENGTHS)[:, None]
    return torch.where(mask, ids, 1), mask


def close(one: Tensor, other: Tensor) -> None:
    torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_logits_are_stock(adapted: AdaptedModel, stock: Any) -> None:
    ids, mask = padded()
    due = stock(input_ids=ids, attention_mask=mask.long()).logits[mask]
    assert due.std() > 0.3
    close(adapted(ids, mask)[mask], due)
    # The head at selected positions only.
    hidden = adapted.encoder(ids, mask)[mask]
    selected = torch.tensor([0, 5, 5, 30])
    close(adapted.logits(hidden[selected]), due[selected])
    # And in its two halves, which the chunked losses need.
    close(torch.nn.functional.linear(adapted.head(hidden), adapted.output_matrix, adapted.head_bias), due)
    # Nothing of it stays behind.
    close(adapted(ids, mask)[mask], due)


@torch.no_grad()
def test_states_are_the_outputs_of_each_layer(adapted: AdaptedModel, kind: str) -> None:
    ids, mask = padded()
    layers: list[Tensor] = []
    blocks = adapted.encoder.blocks
    assert len(blocks) == (0 if kind == "albert" else 3)
    for block in blocks:
        block.register_forward_hook(
            lambda module, inputs, out: layers.append(out[0] if isinstance(out, tuple) else out)
        )
    states: list[Tensor] = []
    hidden = adapted.encoder(ids, mask, states)
    assert [state.shape for state in states] == [(5, 24, 32)] * 3
    close(adapted.encoder(ids, mask), hidden)
    for state, layer in zip(states[:2], layers, strict=False):
        close(state[mask], layer.view(5, 24, 32)[mask])


@torch.no_grad()
def test_padding_is_not_read(adapted: AdaptedModel) -> None:
    ids, mask = padded()
    for row, length in enumerate(LENGTHS):
        alone = adapted.encoder(ids[row : row + 1, :length], mask[row : row + 1, :length])
        close(alone[0], adapted.encoder(ids, mask)[row, :length])


def test_sizes(adapted: AdaptedModel, stock: Any, kind: str, tmp_path: Path) -> None:
    config = adapted.config
    assert load_sizes(tmp_path / kind) == config, "known without reading the weights"
    assert (config.vocabulary, config.layers, config.hidden, config.heads) == (VOCABULARY, 3, 32, 4)
    assert config.ffn == 48
    assert config.max_length == LONGEST.get(kind, 26)
    assert config.total_parameters == sum(p.numel() for p in stock.parameters())
    parts = (config.embedding_parameters, config.encoder_parameters, config.output_parameters)
    assert all(part > 0 for part in parts)
    embeddings = [m for m in stock.base_model.modules() if isinstance(m, torch.nn.Embedding)]
    assert config.embedding_parameters >= embeddings[0].weight.numel()
    with pytest.raises(UserError, match=f"do not fit a model of {config.max_length}"):
        adapted.encoder(torch.zeros(1, 27, dtype=torch.long), torch.ones(1, 27))
    with pytest.raises(UserError, match=f"'{kind}' reads padded rows only"):
        adapted.encoder.packed(torch.zeros(3, dtype=torch.long), torch.arange(3), torch.tensor([0, 3]))


def test_every_weight_is_counted_and_stored_once(
    adapted: AdaptedModel, stock: Any, kind: str, tmp_path: Path
) -> None:
    assert len(list(adapted.parameters())) == len(list(stock.parameters()))
    state = adapted.state_dict()
    assert {name for name, _ in adapted.named_parameters()} <= set(state)
    assert len({each.data_ptr() for each in state.values()}) == len(state), "what is tied, stands there once"
    again = load_model(tmp_path / kind)
    for parameter in again.parameters():
        parameter.data.zero_()
    again.load_state_dict(state)
    assert all(torch.equal(one, again.state_dict()[name]) for name, one in state.items())
    output = again.whole.get_output_embeddings()
    assert again.whole.config.tie_word_embeddings == (
        output.weight is again.whole.get_input_embeddings().weight
    )
    body = {id(parameter) for parameter in adapted.encoder.parameters()}
    assert body < {id(parameter) for parameter in adapted.parameters()}
    adapted.train()
    assert adapted.encoder.body.training


def test_it_trains_and_is_saved_as_its_own_kind(
    adapted: AdaptedModel, stock: Any, kind: str, tokenizer: Path, tmp_path: Path
) -> None:
    ids, mask = padded()
    optimizer = torch.optim.AdamW(adapted.parameters(), lr=3e-3)
    labels = ids[mask][::4]
    losses = []
    for _ in range(8):
        hidden = adapted.head(adapted.encoder(ids, mask)[mask][::4])
        loss = chunked_cross_entropy_sum(hidden, adapted.output_matrix, adapted.head_bias, labels, 7)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.9 * losses[0]
    unused = {name for name, p in adapted.named_parameters() if p.grad is None}
    assert not any("layer" in name for name in unused), unused

    save_model(adapted, tmp_path / "saved", tokenizer)
    theirs = AutoModelForMaskedLM.from_pretrained(tmp_path / "saved").eval()
    assert type(theirs) is type(stock)
    with torch.no_grad():
        due = adapted.eval()(ids, mask)[mask]
        close(theirs(input_ids=ids, attention_mask=mask.long()).logits[mask], due)
        close(load_model(tmp_path / "saved")(ids, mask)[mask], due)
    assert {file.name for file in tokenizer.iterdir() if file.name != "manifest.json"} <= {
        file.name for file in (tmp_path / "saved").iterdir()
    }


def test_it_teaches(adapted: AdaptedModel) -> None:
    """Distillation as it stands: soft targets and hidden layers of another architecture."""
    torch.manual_seed(0)
    config = EncoderConfig(vocabulary=VOCABULARY, layers=2, hidden=16, ffn=24, heads=2, max_length=24)
    terms = Terms(weights={"mlm": 1, "soft": 1, "hidden": 1}, temperature=2.0, layers={0: 0, 1: 2})
    both = Distillation(MaskedLanguageModel(config), LiveTeacher(adapted), terms)
    ids, mask = padded()
    selected = mask.flatten().nonzero().flatten()[::5]
    losses = mean_losses(both, ids, mask, selected, ids.flatten()[selected])
    losses.total.backward()
    assert set(losses.parts) == {"mlm", "soft", "hidden"}
    assert all(parameter.grad is None for parameter in adapted.parameters())


def test_heads_for_intents_and_slots_go_on_top(adapted: AdaptedModel) -> None:
    labels = LabelSet(intents=("a", "b"), domains=("d",), domain_of={"a": "d", "b": "d"}, tags=("O", "B-x"))
    intents, slots = NluModel(adapted, labels, PAPER_A)(*padded()).values()
    assert (intents.shape, slots.shape) == ((5, 2), (5, 24, 2))


@pytest.mark.parametrize("kind", ["bert", "distilbert", "modernbert"], indirect=True)
def test_dropout_is_replaced(kind: str, stock: Any, tmp_path: Path) -> None:
    ids, mask = padded()
    for dropout, same in ((0.0, True), (0.3, False)):
        model = load_model(tmp_path / kind, dropout=dropout).train()
        assert torch.equal(model(ids, mask), model(ids, mask)) == same
        assert model.config.dropout == dropout


def test_the_newer_deberta_head_has_no_output_layer_of_its_own(tmp_path: Path) -> None:
    stock = make("deberta-v2", tmp_path, legacy=False)
    model = load_model(tmp_path)
    ids, mask = padded()
    with torch.no_grad():
        hidden = model.encoder(ids, mask)[mask]
        close(model.logits(hidden), stock(input_ids=ids, attention_mask=mask.long()).logits[mask])
    with pytest.raises(UserError, match="output layer of 'deberta-v2' cannot be had alone"):
        model.head(hidden)


def test_what_is_no_masked_language_model_is_named(tmp_path: Path) -> None:
    for change, message in (
        ({"model_type": "gpt2"}, r"config\.json: model_type: 'gpt2' is no masked language model"),
        ({"model_type": "tree"}, r"config\.json: model_type: cannot be read"),
        ({"model_type": 3}, r"config\.json: model_type: cannot be read"),
        ({"num_attention_heads": 5}, r"no weights can be read from it"),
        ({"hidden_size": 40}, r"no weights can be read from it"),
        (
            {"num_hidden_layers": 4},
            r"\d+ weights of BertForMaskedLM are missing, such as bert\.encoder\.layer",
        ),
    ):
        make("bert", tmp_path)
        file = tmp_path / "config.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | change))
        with pytest.raises(UserError, match=message):
            load_model(tmp_path)


def test_weights_without_a_head_or_none_at_all_are_named(tmp_path: Path) -> None:
    make("bert", tmp_path)
    file = tmp_path / "model.safetensors"
    weights = load_file(file)
    save_file({k: v for k, v in weights.items() if k.startswith("bert.")}, file, metadata={"format": "pt"})
    with pytest.raises(UserError, match=r"weights of BertForMaskedLM are missing, such as cls\."):
        load_model(tmp_path)
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(UserError, match="no weights can be read from it"):
        load_model(tmp_path)
    file.unlink()
    with pytest.raises(UserError, match="no weights can be read from it"):
        load_model(tmp_path)


def test_without_the_library_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("bert", tmp_path)
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(UserError, match=r"needs the package transformers; pip install 'understudy\[hugging"):
        load_model(tmp_path)

"""Intent and slot heads on the encoder."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from understudy.core.errors import UserError
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.model.nlu import NluModel, load_nlu, save_nlu, served_parameters
from understudy.utterances.tags import LabelSet

LABELS = LabelSet(
    intents=("a", "b", "c"),
    domains=("d",),
    domain_of={"a": "d", "b": "d", "c": "d"},
    tags=("O", "B-x", "I-x", "B-y", "I-y"),
)


@pytest.fixture
def nlu(model: MaskedLanguageModel) -> NluModel:
    torch.manual_seed(4)
    nlu = NluModel(model, LABELS, 20).eval()
    with torch.no_grad():
        for head in (nlu.intent_head, nlu.slot_head):
            for parameter in head.parameters():
                parameter.add_(0.3 * torch.randn_like(parameter))
    return nlu


def test_shapes_of_the_heads(nlu: NluModel, batch) -> None:
    intents, slots = nlu(*batch([3, 9, 6, 1], 9))
    assert (intents.shape, slots.shape) == ((4, 3), (4, 9, 5))
    linear = [part for part in nlu.slot_head if isinstance(part, torch.nn.Linear)]
    assert [(part.in_features, part.out_features) for part in linear] == [(48, 20), (20, 20), (20, 5)]


@torch.no_grad()
def test_intents_are_read_from_the_mean_over_real_pieces(nlu: NluModel, batch) -> None:
    lengths = [3, 9, 6, 1]
    ids, mask = batch(lengths, 9)
    intents, slots = nlu(ids, mask)
    hidden = nlu.encoder(ids, mask)
    for row, length in enumerate(lengths):
        mean = sum(hidden[row, i] for i in range(length)) / length
        torch.testing.assert_close(intents[row], nlu.intent_head(mean), atol=1e-5, rtol=0)
        torch.testing.assert_close(slots[row], nlu.slot_head(hidden[row]), atol=1e-5, rtol=0)


@torch.no_grad()
def test_padding_does_not_matter(nlu: NluModel, batch) -> None:
    lengths = [3, 9, 6, 1]
    ids, mask = batch(lengths, 24)
    intents, slots = nlu(ids, mask)
    other = nlu(torch.where(mask, ids, 9), mask)
    assert torch.equal(other[0], intents)
    assert torch.equal(other[1][mask], slots[mask])
    for row, length in enumerate(lengths):
        alone = nlu(ids[row : row + 1, :length], mask[row : row + 1, :length])
        torch.testing.assert_close(alone[0][0], intents[row], atol=1e-5, rtol=0)
        torch.testing.assert_close(alone[1][0], slots[row, :length], atol=1e-5, rtol=0)


def test_parameters_that_prediction_uses(nlu: NluModel) -> None:
    sizes = nlu.base.config
    heads = 2 * (48 * 20 + 20) + 2 * (20 * 20 + 20) + (20 * 3 + 3) + (20 * 5 + 5)
    assert served_parameters(nlu) == sizes.embedding_parameters + sizes.encoder_parameters + heads


@pytest.fixture
def folder(nlu: NluModel, tokenizer: Path, tmp_path: Path) -> Path:
    save_nlu(nlu, tmp_path / "nlu", tokenizer)
    return tmp_path / "nlu"


@torch.no_grad()
def test_a_saved_model_comes_back(nlu: NluModel, folder: Path, batch) -> None:
    loaded = load_nlu(folder)
    assert (loaded.labels, loaded.head, loaded.training) == (LABELS, 20, False)
    inputs = batch([3, 9], 9)
    for got, due in zip(loaded(*inputs), nlu(*inputs), strict=True):
        assert torch.equal(got, due)
    base = load_model(folder / "model")
    assert torch.equal(base(*inputs), nlu.base(*inputs))


def test_heads_that_do_not_fit_are_named(folder: Path) -> None:
    file = folder / "heads.safetensors"
    heads = load_file(file)
    save_file({name: tensor for name, tensor in heads.items() if name != "slot_head.6.bias"}, file)
    with pytest.raises(UserError, match=r"heads\.safetensors: does not fit labels\.json and nlu\.json"):
        load_nlu(folder)
    save_file(heads, file)
    LabelSet(("a",), ("d",), {"a": "d"}, ("O",)).save(folder / "labels.json")
    with pytest.raises(UserError, match=r"heads\.safetensors: does not fit"):
        load_nlu(folder)


@pytest.mark.parametrize("text", ["{}", "[]", '{"head": "20"}', ""])
def test_a_head_width_that_is_none_is_named(folder: Path, text: str) -> None:
    (folder / "nlu.json").write_text(text)
    with pytest.raises(UserError, match=r"nlu\.json"):
        load_nlu(folder)


@pytest.mark.parametrize("name", ["heads.safetensors", "labels.json", "model/model.safetensors"])
def test_a_file_cut_short_is_named(folder: Path, name: str) -> None:
    file = folder / name
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(UserError, match=Path(name).name.replace(".", r"\.")):
        load_nlu(folder)

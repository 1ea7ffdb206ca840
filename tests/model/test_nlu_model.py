"""Intent and slot heads on the encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from understudy.core.errors import UserError
from understudy.core.recipe.heads import Heads
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.model.nlu import NluModel, load_nlu, save_nlu, served_parameters
from understudy.utterances.chain import TRANSITIONS, Transitions
from understudy.utterances.tags import LabelSet

LABELS = LabelSet(
    intents=("a", "b", "c"),
    domains=("d", "e"),
    domain_of={"a": "d", "b": "d", "c": "e"},
    tags=("O", "B-x", "I-x", "B-y", "I-y"),
)


HEADS = Heads.model_validate({"intent": {"width": 20}, "slots": {"width": 20}})
EVERYTHING = Heads.model_validate({"domain": "paper-b", "intent": "paper-b", "slots": "paper-b", "crf": None})


def with_heads(model: MaskedLanguageModel, heads: Heads) -> NluModel:
    torch.manual_seed(4)
    nlu = NluModel(model, LABELS, heads).eval()
    with torch.no_grad():
        for parameter in nlu.head_parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return nlu


@pytest.fixture
def nlu(model: MaskedLanguageModel) -> NluModel:
    return with_heads(model, HEADS)


def widths(head: torch.nn.Module) -> list[tuple[int, int]]:
    linear = [part for part in head.modules() if isinstance(part, torch.nn.Linear)]
    return [(part.in_features, part.out_features) for part in linear]


def test_shapes_of_the_heads(nlu: NluModel, batch) -> None:
    scores = nlu(*batch([3, 9, 6, 1], 9))
    assert {name: x.shape for name, x in scores.items()} == {"intent": (4, 3), "slots": (4, 9, 5)}
    assert widths(nlu.heads["slots"]) == [(48, 20), (20, 20), (20, 5)]


def test_paper_b_has_one_layer_of_128_or_256_and_a_crf(model: MaskedLanguageModel, batch) -> None:
    nlu = with_heads(model, EVERYTHING)
    scores = nlu(*batch([3, 9], 9))
    assert list(scores) == ["intent", "slots", "domain"]
    assert scores["domain"].shape == (2, 2)
    assert widths(nlu.heads["domain"]) == [(48, 128), (128, 2)]
    assert widths(nlu.heads["intent"]) == [(48, 128), (128, 3)]
    assert widths(nlu.heads["slots"]) == [(48, 256), (256, 5)]
    kinds = {name: [type(part).__name__ for part in head] for name, head in nlu.heads.items()}
    assert kinds["intent"] == kinds["domain"] == ["Linear", "ReLU", "Dropout", "Linear"]
    assert kinds["slots"] == ["Linear", "GELU", "Dropout", "Linear"]
    assert {part.p for head in nlu.heads.values() for part in head if hasattr(part, "p")} == {0.1}
    assert nlu.crf is not None and nlu.transitions is not None


@torch.no_grad()
def test_intents_are_read_from_the_mean_over_real_pieces(nlu: NluModel, batch) -> None:
    lengths = [3, 9, 6, 1]
    ids, mask = batch(lengths, 9)
    scores = nlu(ids, mask)
    hidden = nlu.encoder(ids, mask)
    for row, length in enumerate(lengths):
        mean = sum(hidden[row, i] for i in range(length)) / length
        torch.testing.assert_close(scores["intent"][row], nlu.heads["intent"](mean), atol=1e-5, rtol=0)
        torch.testing.assert_close(scores["slots"][row], nlu.heads["slots"](hidden[row]), atol=1e-5, rtol=0)


@torch.no_grad()
def test_scores_at_some_places_only_are_those_of_all(nlu: NluModel, batch) -> None:
    ids, mask = batch([3, 9], 9)
    places = torch.tensor([[1, 2, 0], [8, 3, 5]])
    some, whole = nlu(ids, mask, places)["slots"], nlu(ids, mask)["slots"]
    for row in range(2):
        torch.testing.assert_close(some[row], whole[row, places[row]], atol=1e-6, rtol=0)


@torch.no_grad()
def test_padding_does_not_matter(nlu: NluModel, batch) -> None:
    lengths = [3, 9, 6, 1]
    ids, mask = batch(lengths, 24)
    scores = nlu(ids, mask)
    other = nlu(torch.where(mask, ids, 9), mask)
    assert torch.equal(other["intent"], scores["intent"])
    assert torch.equal(other["slots"][mask], scores["slots"][mask])
    for row, length in enumerate(lengths):
        alone = nlu(ids[row : row + 1, :length], mask[row : row + 1, :length])
        torch.testing.assert_close(alone["intent"][0], scores["intent"][row], atol=1e-5, rtol=0)
        torch.testing.assert_close(alone["slots"][0], scores["slots"][row, :length], atol=1e-5, rtol=0)


def test_parameters_that_prediction_uses(nlu: NluModel) -> None:
    sizes = nlu.base.config
    heads = 2 * (48 * 20 + 20) + 2 * (20 * 20 + 20) + (20 * 3 + 3) + (20 * 5 + 5)
    assert served_parameters(nlu) == sizes.embedding_parameters + sizes.encoder_parameters + heads


@torch.no_grad()
def test_a_crf_and_its_transitions_come_back(
    model: MaskedLanguageModel, tokenizer: Path, tmp_path: Path, batch
) -> None:
    nlu = with_heads(model, EVERYTHING)
    save_nlu(nlu, tmp_path, tokenizer)
    loaded = load_nlu(tmp_path)
    inputs = batch([3, 9], 9)
    assert loaded.shapes == EVERYTHING
    for name, scores in nlu(*inputs).items():
        assert torch.equal(loaded(*inputs)[name], scores)
    assert loaded.crf is not None and nlu.crf is not None and nlu.transitions is not None
    assert torch.equal(loaded.crf.between, nlu.crf.between)
    stored = Transitions.load(tmp_path / TRANSITIONS, 5)
    np.testing.assert_array_equal(stored.between, nlu.transitions.between)


@pytest.fixture
def folder(nlu: NluModel, tokenizer: Path, tmp_path: Path) -> Path:
    save_nlu(nlu, tmp_path / "nlu", tokenizer)
    return tmp_path / "nlu"


@torch.no_grad()
def test_a_saved_model_comes_back(nlu: NluModel, folder: Path, batch) -> None:
    loaded = load_nlu(folder)
    assert (loaded.labels, loaded.shapes, loaded.training) == (LABELS, HEADS, False)
    inputs = batch([3, 9], 9)
    for name, due in nlu(*inputs).items():
        assert torch.equal(loaded(*inputs)[name], due)
    base = load_model(folder / "model")
    assert torch.equal(base(*inputs), nlu.base(*inputs))


def test_heads_that_do_not_fit_are_named(folder: Path) -> None:
    file = folder / "heads.safetensors"
    heads = load_file(file)
    save_file({name: tensor for name, tensor in heads.items() if name != "heads.slots.6.bias"}, file)
    with pytest.raises(UserError, match=r"heads\.safetensors: does not fit labels\.json and nlu\.json"):
        load_nlu(folder)
    save_file(heads, file)
    LabelSet(("a",), ("d",), {"a": "d"}, ("O",)).save(folder / "labels.json")
    with pytest.raises(UserError, match=r"heads\.safetensors: does not fit"):
        load_nlu(folder)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"head": 20}',
        "",
        '{"format_version": 2}',
        '{"format_version": 2, "heads": [7]}',
    ],
)
def test_heads_that_are_none_are_named(folder: Path, text: str) -> None:
    (folder / "nlu.json").write_text(text)
    with pytest.raises(UserError, match=r"nlu\.json"):
        load_nlu(folder)


@pytest.mark.parametrize("name", ["heads.safetensors", "labels.json", "model/model.safetensors"])
def test_a_file_cut_short_is_named(folder: Path, name: str) -> None:
    file = folder / name
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(UserError, match=Path(name).name.replace(".", r"\.")):
        load_nlu(folder)

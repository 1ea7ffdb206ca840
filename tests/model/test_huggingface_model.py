"""Saved folders are Hugging Face's, and damaged or foreign ones are the user's error."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy
from transformers import (
    AutoModelForMaskedLM,
    AutoTokenizer,
    RobertaPreLayerNormConfig,
    RobertaPreLayerNormForMaskedLM,
)

from understudy.core.errors import UserError
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model, load_weights, save_model, to_huggingface
from understudy.tokenizer.subwords import Subwords

LENGTHS = [3, 24, 1, 12]


@pytest.fixture
def folder(model: MaskedLanguageModel, tokenizer: Path, tmp_path: Path) -> Path:
    save_model(model, tmp_path / "model", tokenizer)
    return tmp_path / "model"


@torch.no_grad()
def test_stock_hugging_face_gives_the_same_logits(model: MaskedLanguageModel, folder: Path, batch) -> None:
    theirs = AutoModelForMaskedLM.from_pretrained(folder)
    assert type(theirs) is RobertaPreLayerNormForMaskedLM
    ids, mask = batch(LENGTHS, 24)
    ours = model(ids, mask)[mask]
    assert ours.std() > 0.5
    logits = theirs.eval()(input_ids=ids, attention_mask=mask.long()).logits
    torch.testing.assert_close(logits[mask], ours, atol=1e-5, rtol=0)


def test_gradients_are_theirs(model: MaskedLanguageModel, folder: Path, batch) -> None:
    theirs = AutoModelForMaskedLM.from_pretrained(
        folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    ).train()
    ours = load_model(folder, dropout=0.0).train()
    ids, mask = batch(LENGTHS, 24)
    labels = torch.where(mask & (ids % 3 == 0), ids, -100)
    cross_entropy(ours(ids, mask).flatten(0, 1), labels.flatten()).backward()
    theirs(input_ids=ids, attention_mask=mask.long(), labels=labels).loss.backward()
    due = {name: parameter.grad for name, parameter in theirs.named_parameters()}
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.copy_(parameter.grad)
    got = to_huggingface(ours)
    assert got.keys() == due.keys()
    for name, gradient in got.items():
        torch.testing.assert_close(gradient, due[name], atol=1e-5, rtol=1e-4, msg=name)


def test_dropouts_and_the_initial_deviation_come_back(
    model: MaskedLanguageModel, tokenizer, tmp_path
) -> None:
    config = replace(model.config, dropout=0.2, attention_dropout=0.0, initial_deviation=0.05)
    save_model(MaskedLanguageModel(config), tmp_path, tokenizer)
    assert load_model(tmp_path).config == config
    assert load_model(tmp_path, dropout=0.3).encoder.blocks[0].attention_dropout == 0.3
    theirs = AutoModelForMaskedLM.from_pretrained(tmp_path).config
    assert (theirs.hidden_dropout_prob, theirs.attention_probs_dropout_prob) == (0.2, 0.0)
    assert theirs.initializer_range == 0.05


def test_a_loaded_model_and_its_file_are_apart(model: MaskedLanguageModel, folder: Path) -> None:
    file = folder / "model.safetensors"
    loaded = load_model(folder)
    with file.open("r+b") as handle:  # in place: a mapped file would change the weights
        handle.write(bytes(file.stat().st_size))
    assert torch.equal(loaded.encoder.words.weight, model.encoder.words.weight)
    assert all(parameter.requires_grad for parameter in loaded.parameters())


def test_weights_in_half_precision_are_widened(model: MaskedLanguageModel, folder: Path) -> None:
    file = folder / "model.safetensors"
    save_file({name: tensor.half() for name, tensor in load_file(file).items()}, file)
    loaded = load_model(folder)
    assert {parameter.dtype for parameter in loaded.parameters()} == {torch.float32}
    assert torch.equal(loaded.head_bias, model.head_bias.half().float())


def test_nothing_is_missing_or_left_over_for_hugging_face(folder: Path) -> None:
    _, info = AutoModelForMaskedLM.from_pretrained(folder, output_loading_info=True)
    assert not any(info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))


def test_the_embedding_stays_tied_there_and_is_stored_once(model: MaskedLanguageModel, folder: Path) -> None:
    theirs = AutoModelForMaskedLM.from_pretrained(folder)
    embedding = theirs.get_input_embeddings().weight
    assert theirs.lm_head.decoder.weight is embedding
    torch.testing.assert_close(embedding, model.encoder.words.weight, rtol=0, atol=0)
    shapes = [tensor.shape for tensor in load_weights(folder / "model.safetensors").values()]
    assert shapes.count(embedding.shape) == 1
    assert sum(shape.numel() for shape in shapes) == model.config.total_parameters


def test_stock_auto_tokenizer_loads_from_the_same_folder(folder: Path) -> None:
    text = "play the song now"
    assert AutoTokenizer.from_pretrained(folder)(text)["input_ids"] == Subwords.load(folder).encode(text).ids


def test_weights_come_back_to_the_bit(model: MaskedLanguageModel, folder: Path) -> None:
    loaded = load_model(folder)
    assert loaded.config == model.config
    assert not loaded.training
    state = model.state_dict()
    assert loaded.state_dict().keys() == state.keys()
    for name, tensor in loaded.state_dict().items():
        assert torch.equal(tensor, state[name]), name


@torch.no_grad()
def test_a_model_hugging_face_made_and_saved_loads(tmp_path: Path, batch) -> None:
    torch.manual_seed(3)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = RobertaPreLayerNormConfig(
        vocab_size=50, max_position_embeddings=26, type_vocab_size=1, layer_norm_eps=1e-5, **sizes
    )
    theirs = RobertaPreLayerNormForMaskedLM(config).eval()
    for parameter in theirs.parameters():
        parameter.add_(0.2 * torch.randn_like(parameter))
    theirs.save_pretrained(tmp_path)
    ids, mask = batch(LENGTHS, 24)
    ids = ids.clamp(max=49)
    logits = theirs(input_ids=ids, attention_mask=mask.long()).logits
    torch.testing.assert_close(load_model(tmp_path)(ids, mask)[mask], logits[mask], atol=1e-5, rtol=0)


def test_half_precision_is_saved_as_float32(
    model: MaskedLanguageModel, tokenizer: Path, tmp_path: Path
) -> None:
    save_model(model.bfloat16(), tmp_path, tokenizer)
    assert {t.dtype for t in load_weights(tmp_path / "model.safetensors").values()} == {torch.float32}


def test_weights_cut_short_are_named(folder: Path) -> None:
    file = folder / "model.safetensors"
    whole = file.read_bytes()
    for size in (0, 5, 100, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:size])
        with pytest.raises(UserError, match=r"model\.safetensors: cannot be read, it may be cut short"):
            load_model(folder)
    file.unlink()
    with pytest.raises(UserError, match=r"model\.safetensors: no such file"):
        load_model(folder)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("model_type", None, r"config\.json: model_type: 'None' cannot be read yet; due: roberta-prelayer"),
        ("num_attention_heads", 5, r"num_attention_heads: 5 heads do not divide the hidden size 48"),
        ("num_attention_heads", 0, r"config\.json: a size is no number"),
        ("hidden_act", "relu", r"hidden_act: 'relu' cannot be read yet; due: gelu"),
        ("tie_word_embeddings", False, r"tie_word_embeddings: 'False' cannot be read yet; due: True"),
        ("vocab_size", None, r"config\.json: key 'vocab_size' is missing"),
        ("max_position_embeddings", "26", r"config\.json: a size is no number"),
        ("hidden_size", 52, r"model\.safetensors: does not fit config\.json"),
        ("num_hidden_layers", 4, r"model\.safetensors: holds no weight .*layer\.3"),
    ],
)
def test_another_architecture_is_named(folder: Path, key: str, value: object, message: str) -> None:
    file = folder / "config.json"
    config = json.loads(file.read_text()) | {key: value}
    file.write_text(json.dumps({name: value for name, value in config.items() if value is not None}))
    with pytest.raises(UserError, match=message):
        load_model(folder)


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}"])
def test_a_config_that_is_none_is_named(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(UserError, match=r"config\.json"):
        load_model(folder)

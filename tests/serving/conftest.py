"""A tiny bundle made by hand: its graph is a lookup, so every expected frame is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from understudy.export.bundle import MODEL, BundleInfo, write_bundle
from understudy.export.calibration import Calibration, HeadCalibration, Rejection
from understudy.serving.runtime import Understudy
from understudy.tokenizer.subwords import TOKENIZER_FILES, Subwords
from understudy.tokenizer.train import train
from understudy.utterances.tags import LabelSet

WORDS = ("play", "stop", "jazz", "blues", "please")
"""The first four are single pieces in the vocabulary trained below; "please" takes seven."""
LABELS = LabelSet(
    intents=("music_play", "music_stop"),
    domains=("music",),
    domain_of={"music_play": "music", "music_stop": "music"},
    tags=("O", "B-genre", "I-genre"),
)


def lookup_graph(subwords: Subwords, path: Path) -> None:
    """Intent scores add up over pieces and each piece has its own tag scores: two embeddings, no more.

    "play" adds 2 to music_play, "stop" adds 3 to music_stop; "jazz" and "blues" are B-genre.
    """
    intents = np.zeros((subwords.vocabulary_size, len(LABELS.intents)), np.float32)
    tags = np.zeros((subwords.vocabulary_size, len(LABELS.tags)), np.float32)
    tags[:, 0] = 1.0
    for word, intent, value in (("play", 0, 2.0), ("stop", 1, 3.0)):
        intents[subwords.encode(word).ids[1], intent] = value
    for word in ("jazz", "blues"):
        tags[subwords.encode(word).ids[1]] = (0.0, 5.0, 0.0)
    nodes = [
        helper.make_node("Gather", ["tag_table", "input_ids"], ["slots"]),
        helper.make_node("Gather", ["intent_table", "input_ids"], ["scores"]),
        helper.make_node("Cast", ["attention_mask"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weights", "last"], ["column"]),
        helper.make_node("Mul", ["scores", "column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "one"], ["intent"], keepdims=0),
    ]
    constants = {
        "tag_table": tags,
        "intent_table": intents,
        "last": np.array([-1], np.int64),
        "one": np.array([1], np.int64),
    }
    ids = ["batch", "length"]
    graph = helper.make_graph(
        nodes,
        "lookup",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ids)
            for name in ("input_ids", "attention_mask")
        ],
        [
            helper.make_tensor_value_info("intent", TensorProto.FLOAT, ["batch", len(LABELS.intents)]),
            helper.make_tensor_value_info("slots", TensorProto.FLOAT, [*ids, len(LABELS.tags)]),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole bundle for en-US and de-DE, at most 8 pieces, with temperatures and a threshold."""
    root = tmp_path_factory.mktemp("bundle")
    subwords, _ = train([" ".join(WORDS)] * 50 + list(WORDS) * 50, 22, "", 0, root / "tokenizer")
    lookup_graph(subwords, root / MODEL)
    LABELS.save(root / "labels.json")
    info = BundleInfo(
        locales=("en-US", "de-DE"), max_length=8, parameters=1, int8=False, heads=("intent", "slots")
    )
    calibration = Calibration(
        heads={"intent": HeadCalibration(temperature=2.0), "slots": HeadCalibration(temperature=0.5)},
        rejection=Rejection(threshold=0.6, wanted=0.05, unwanted="wrong frames", number=20),
    )
    write_bundle(
        root / "bundle",
        info,
        served=root / MODEL,
        fp32=root / MODEL,
        labels=root / "labels.json",
        tokenizer=[root / "tokenizer" / name for name in TOKENIZER_FILES],
        calibration=calibration,
    )
    return root / "bundle"


@pytest.fixture(scope="session")
def understudy(bundle: Path) -> Understudy:
    return Understudy.load(bundle)

"""Models from elsewhere as artifacts: what is kept and counted, and every way to be wrong in one line."""

from __future__ import annotations

import json
import math
import re
import shutil
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from understudy.core.errors import UserError
from understudy.core.recipe.hub_steps import Pretrained
from understudy.core.recipe.load import load_recipe
from understudy.core.stage import Inputs
from understudy.model.config import EncoderConfig
from understudy.model.huggingface import load_sizes
from understudy.model.memory import parameter_units
from understudy.stages import pretrained
from understudy.stages.plan import plan_recipe
from understudy.stages.runner import Run
from understudy.tokenizer.load import load_tokenizer

Folder = Callable[[str], Path]
KINDS = ["bert", "distilbert", "xlm-roberta", "modernbert"]
GOOD = [
    *("config.json", "model.safetensors", "model-00001-of-00002.safetensors", "model.safetensors.index.json"),
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "spiece.model"),
]
BAD = ("pytorch_model.bin", "tf_model.h5", "onnx/model.onnx", "onnx/tokenizer.json", "README.md", "code.py")
"""Files of a hub's folder that are fetched, and that are not."""


def take_in(path: Path | str, out: Path, revision: str | None = None) -> dict[str, Any]:
    out.mkdir(exist_ok=True)
    config = Pretrained(stage="pretrained", path=str(path), revision=revision)
    return pretrained.run(config, Inputs(), out)


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_is_kept_as_it_came(kind: str, elsewhere: Folder, tmp_path: Path) -> None:
    from transformers import AutoModelForMaskedLM, AutoTokenizer

    source = elsewhere(kind)
    numbers = take_in(source, tmp_path)
    model = tmp_path / "model"
    assert (model / "model.safetensors").read_bytes() == (source / "model.safetensors").read_bytes()
    stock = AutoModelForMaskedLM.from_pretrained(model)
    tokenizer = AutoTokenizer.from_pretrained(model)
    assert numbers["architecture"] == kind
    assert numbers["parameters"]["total"] == sum(each.numel() for each in stock.parameters())
    assert numbers["vocabulary"] == stock.config.vocab_size
    assert numbers["pieces"] == len(tokenizer) == numbers["vocabulary"] - 20 * (kind == "modernbert")
    assert numbers["tokenizer"] == load_tokenizer(source).fingerprint
    assert numbers["max_length"] == (64 if kind == "xlm-roberta" else 66)
    assert numbers["commit"] is None
    sizes = load_sizes(model)
    assert {
        "embedding": sizes.embedding_parameters,
        "encoder": sizes.encoder_parameters,
        "total": sizes.total_parameters,
    } == numbers["parameters"]


def test_weights_in_several_files(elsewhere: Folder, tmp_path: Path) -> None:
    from transformers import AutoModelForMaskedLM

    whole = AutoModelForMaskedLM.from_pretrained(elsewhere("bert"))
    shutil.copytree(elsewhere("bert"), tmp_path / "sharded")
    (tmp_path / "sharded" / "model.safetensors").unlink()
    whole.save_pretrained(tmp_path / "sharded", max_shard_size="40KB")
    parts = sorted(tmp_path.glob("sharded/*.safetensors"))
    assert len(parts) > 1
    numbers = take_in(tmp_path / "sharded", tmp_path / "out")
    assert numbers["parameters"]["total"] == sum(each.numel() for each in whole.parameters())
    parts[1].unlink()
    with pytest.raises(UserError, match=rf"{parts[1].name}: is missing, and model\.safetensors\.index\.json"):
        take_in(tmp_path / "sharded", tmp_path / "out")
    (tmp_path / "sharded" / "model.safetensors.index.json").write_text('{"weight_map": {"a": "../b"}}')
    with pytest.raises(UserError, match="names no weight files"):
        take_in(tmp_path / "sharded", tmp_path / "out")


def test_an_old_checkpoint_leaves_the_tokenizer_to_its_class(elsewhere: Folder, tmp_path: Path) -> None:
    """Only ``vocab.txt``, as BERT's first had it; or ``tokenizer.json`` and no names."""
    source = elsewhere("bert")
    content = json.loads((source / "tokenizer.json").read_text())
    pieces = sorted(content["model"]["vocab"], key=content["model"]["vocab"].__getitem__)
    due = load_tokenizer(source).encode("weck mich um halb acht").ids
    for name, text in (("vocab.txt", "\n".join(pieces)), ("tokenizer.json", json.dumps(content))):
        old = tmp_path / name
        old.mkdir()
        for file in ("config.json", "model.safetensors"):
            shutil.copyfile(source / file, old / file)
        (old / "tokenizer_config.json").write_text('{"do_lower_case": false}')
        (old / name).write_text(text)
        numbers = take_in(old, tmp_path / "out")
        tokenizer = load_tokenizer(tmp_path / "out" / "model")
        assert tokenizer.encode("weck mich um halb acht").ids == due
        assert tokenizer.special.mask == 4 and tokenizer.special.pad == 0
        assert numbers["pieces"] == len(pieces)


def damaged(elsewhere: Folder, folder: Path, kind: str = "bert") -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(elsewhere(kind), folder)
    return folder


def test_folders_that_will_not_do(elsewhere: Folder, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    out = tmp_path / "out"

    def refuses(message: str, revision: str | None = None) -> None:
        with pytest.raises(UserError, match=message):
            take_in(folder, out, revision)

    damaged(elsewhere, folder)
    refuses("only models of the hub have revisions", revision="main")
    (folder / "config.json").unlink()
    refuses(r"config\.json: is missing; the folder of a Hugging Face model is due")
    damaged(elsewhere, folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    refuses(
        r"holds its weights pickled only \(pytorch_model\.bin\), which are never loaded since they can run"
    )
    (folder / "pytorch_model.bin").unlink()
    refuses(r"model: holds no model\.safetensors")
    damaged(elsewhere, folder)
    (folder / "tokenizer.json").unlink()
    refuses("holds no tokenizer that transformers can read|no such file|no .*_token is named")
    damaged(elsewhere, folder)
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-8])
    refuses("no weights can be read from it")
    damaged(elsewhere, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "gpt2"}))
    refuses("'gpt2' is no masked language model")
    code = {
        "model_type": "strange",
        "auto_map": {"AutoConfig": "own.Config", "AutoModelForMaskedLM": "own.M"},
    }
    (folder / "config.json").write_text(json.dumps(config | code))
    (folder / "own.py").write_text("raise SystemExit('code of the folder has run')")
    refuses(r"config\.json: model_type: cannot be read \(.*custom code")
    (folder / "config.json").write_text(json.dumps(config | {"pad_token_id": 3}))
    refuses(r"config\.json: pad_token_id: is 3, and the tokenizer's padding piece is 0; one is wrong")
    damaged(elsewhere, folder)
    shutil.copyfile(elsewhere("modernbert") / "tokenizer.json", folder / "tokenizer.json")
    refuses(r"the tokenizer has \d+ pieces and the model a table of \d+; they do not belong together")


def test_names_of_the_hub(elsewhere: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    asked: list[tuple[str, str | None]] = []
    snapshot = tmp_path / "snapshots" / "0123abc"

    def download(name: str, *, revision: str | None, allow_patterns: list[str], ignore_patterns: Any) -> str:
        asked.append((name, revision))
        fetched = [
            name
            for name in (*GOOD, *BAD)
            if any(fnmatch(name, pattern) for pattern in allow_patterns)
            and not any(fnmatch(name, pattern) for pattern in ignore_patterns)
        ]
        assert fetched == GOOD
        return str(shutil.copytree(elsewhere("bert"), snapshot, dirs_exist_ok=True))

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    assert take_in("someone/small-bert", tmp_path / "out", "main")["commit"] == "0123abc"
    assert asked == [("someone/small-bert", "main")]

    def fails(*_: Any, **__: Any) -> str:
        raise ConnectionError("Max retries exceeded\nwith url: ...")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fails)
    with pytest.raises(UserError) as caught:
        take_in("someone/small-bert", tmp_path / "out")
    assert str(caught.value) == (
        "path: 'someone/small-bert' is no folder here, and cannot be had from the hub (ConnectionError: Max "
        "retries exceeded); without a network, give a folder"
    )
    for path in ("./nowhere", "/nowhere/at/all", "a/b/c", "models/"):
        with pytest.raises(UserError, match=f"path: no folder '{path}' here; a model's folder is due"):
            take_in(path, tmp_path / "out")
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(UserError, match=r"pip install 'understudy\[huggingface\]'"):
        take_in("someone/small-bert", tmp_path / "out")


def test_the_bytes_of_a_folder_belong_to_the_fingerprint(
    elsewhere: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, recipe = damaged(elsewhere, tmp_path / "model"), tmp_path / "r.yaml"
    recipe.write_text(f"name: r\nsteps:\n  bert: {{stage: pretrained, path: {folder}}}\n")

    def states() -> list[str]:
        return [each.state for each in Run(recipe, tmp_path / "runs").execute(say=lambda _: None)]

    assert states() == ["done"] and states() == ["up to date"]
    # A file of the same name deeper down is another file.
    (folder / "onnx").mkdir()
    (folder / "onnx" / "config.json").write_text("{}")
    assert states() == ["done"] and states() == ["up to date"]
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"hidden_dropout_prob": 0.2}))
    assert states() == ["done"]
    assert load_file(tmp_path / "runs" / "r" / "bert" / "model" / "model.safetensors")
    # Of the hub the name is what counts: no network is needed to see that it is there.
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda name, **_: str(folder))
    recipe.write_text("name: r\nsteps:\n  bert: {stage: pretrained, path: owner/bert, revision: abc}\n")
    assert states() == ["done"]
    monkeypatch.setattr(huggingface_hub, "snapshot_download", None)
    assert states() == ["up to date"]


def test_the_recipe_of_the_guide_loads(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "pretrained.md").read_text(encoding="utf-8")
    (steps,) = re.findall(r"```yml\n(.*?)```", page, re.DOTALL)
    corpora = "".join(f"  {name}: {{path: x, locales: [de]}}\n" for name in ("held-out", "tagged"))
    file = tmp_path / "guide.yaml"
    file.write_text(
        f"name: guide\ncorpora:\n{corpora}labels: {{all: {{path: x, locales: [de-DE]}}}}\n{steps}"
        "  mixed-text: {stage: prepare, corpora: [held-out]}\n"
    )
    assert [step.stage for step in load_recipe(file).steps.values()].count("pretrained") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_is_planned_by_its_own_sizes(kind: str, elsewhere: Folder, tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(
        f"""name: r
corpora: {{text: {{path: x, locales: [de]}}}}
steps:
  theirs: {{stage: pretrained, path: {elsewhere(kind)}}}
  text: {{stage: prepare, corpora: [text]}}
  shards: {{stage: encode, text: text, tokenizer: theirs}}
  adapted: {{stage: pretrain, from: theirs, shards: shards, duration: {{steps: 1}}}}
  small:
    stage: pretrain
    shards: shards
    encoder: {{layers: 1, hidden: 8, ffn: 8, heads: 1, max_length: 32}}
    duration: {{steps: 1}}
"""
    )
    planned = plan_recipe(file, [])
    assert planned["unknown"] == []
    sizes = load_sizes(elsewhere(kind))
    adapted, small = (planned["steps"][name] for name in ("adapted", "small"))
    assert adapted["parameters"]["total"] == sizes.total_parameters
    units = parameter_units(sizes)
    assert sum(math.prod(shape) for unit in units for shape in unit) == sizes.total_parameters
    assert len(units) == 3
    closed = EncoderConfig(vocabulary=sizes.vocabulary, layers=1, hidden=8, ffn=8, heads=1, max_length=32)
    assert small["parameters"]["total"] == closed.total_parameters

"""What the benchmarks of training share does what they say of it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from understudy.objectives.losses import IGNORE
from understudy.training.batches import Batch


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))


def test_drawn_lengths_are_those_of_sentences() -> None:
    from peers.rows import drawn_lengths

    lengths = drawn_lengths(20_000, 128, np.random.default_rng(0))
    assert lengths.min() >= 4 and lengths.max() <= 128
    assert float(np.log(lengths).mean()) == pytest.approx(2.70, abs=0.04)
    assert float(lengths.mean()) == pytest.approx(17.8, abs=0.6)


def test_rows_without_data_are_framed_and_repeat() -> None:
    from peers.rows import rows_for

    rows = rows_for(None, 50, 100, 32)
    assert rows == rows_for(None, 50, 100, 32)
    for row in rows:
        assert row[0] == 0 and row[-1] == 2 and len(row) <= 32
        assert all(5 <= piece < 100 for piece in row[1:-1])


def test_rows_of_a_data_folder_are_its_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from peers import rows

    (tmp_path / "generic").mkdir()
    said = {language: [f"{language} says {n} words of text" for n in range(300)] for language in ("xa", "xb")}
    for language, texts in said.items():
        with gzip.open(tmp_path / "generic" / f"{language}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps({"text": text}) + "\n" for text in texts)
    chosen = rows.sentences(tmp_path, 100)
    assert len(chosen) == 200
    assert chosen[:3] == ["xa says 0 words of text", "xa says 3 words of text", "xa says 6 words of text"]
    monkeypatch.setattr(rows, "KEPT", tmp_path / "kept")
    made = rows.rows_for(tmp_path, 40, 50, 12)
    assert len(made) == 40 and all(4 <= len(row) <= 12 for row in made)
    assert (tmp_path / "kept" / "tokenizer-50").is_dir()


def test_padding_is_the_share_of_positions_without_a_piece() -> None:
    from peers.ours import padding

    batches = [Batch(np.array([0, 1]), 8), Batch(np.array([2]), 16)]
    assert padding(batches, np.array([8, 4, 12])) == 1 - 24 / 32


def test_parts_of_a_batch_hold_it_all() -> None:
    from peers.distillers import micro_batches

    ids = torch.arange(35).view(7, 5)
    mask = ids % 5 < 4
    selected, labels = torch.tensor([1, 12, 33, 0, 0]), torch.tensor([8, 9, 7, IGNORE, IGNORE])
    parts = micro_batches((ids, mask, selected, labels), 3)
    assert [len(part["input_ids"]) for part in parts] == [3, 2, 2]
    whole = {name: torch.cat([part[name] for part in parts]) for name in parts[0]}
    assert torch.equal(whole["input_ids"], ids) and torch.equal(whole["attention_mask"], mask.long())
    assert whole["labels"].flatten()[[1, 12, 33]].tolist() == [8, 9, 7]
    assert int((whole["labels"] != IGNORE).sum()) == 3


def test_medians_and_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    from peers.rounds import medians, report

    mine, theirs = iter([10.0, 30.0, 20.0]), iter([4.0, 5.0, 6.0])
    found = medians({"ours": lambda: next(mine), "theirs": lambda: next(theirs)}, 3)
    assert found == {"ours": 20.0, "theirs": 5.0}
    capsys.readouterr()
    report(found, "tokens", {"preset": "5m"}, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["tokens_per_second"] == {"ours": 20.0, "theirs": 5.0}
    assert told["times_as_fast_as"] == {"theirs": 4.0} and told["preset"] == "5m"


def test_our_loop_is_timed_over_the_steps_asked_for() -> None:
    from peers import ours
    from peers.rows import rows_for

    from understudy.core.recipe.optimization import Optimization
    from understudy.model.config import EncoderConfig
    from understudy.model.encoder import MaskedLanguageModel

    rows = rows_for(None, 400, 60, 32)
    config = EncoderConfig(vocabulary=60, layers=1, hidden=16, ffn=16, heads=2, max_length=32)
    settings = Optimization(tokens_per_batch=256)
    counted: list[int] = []

    def units(batch: Batch) -> int:
        counted.append(len(batch.rows))
        return 1

    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        task = ours.masked_task(rows, MaskedLanguageModel(config), settings, Path(folder) / "shards")
        shapes = {batch.length for batch in task.batches(0)}
        assert ours.rate(task, settings, 3, units) > 0
    assert len(counted) == len(shapes) + 3 + 1


def test_the_clock_of_a_busy_machine_is_the_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from peers import clock

    threads = torch.get_num_threads()
    monkeypatch.setattr(clock, "_clock", time.perf_counter)
    monkeypatch.setattr(time, "process_time", lambda: 7.0)
    try:
        clock.stands_still_for_others()
        assert clock.now() == 7.0 and torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(threads)

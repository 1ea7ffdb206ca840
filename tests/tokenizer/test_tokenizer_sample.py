"""What is trained on, and how much memory that takes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.tokenizer import sample as module
from understudy.tokenizer.sample import Sample, check_memory, machine_memory, read_sample, write_sample

TEXTS = [f"text number {i}" for i in range(200)]


def lines(sample: Sample) -> list[str]:
    return sample.path.read_text(encoding="utf-8").splitlines()


def write(texts: list[str], limit: int, seed: int, path: Path) -> Sample:
    return write_sample(lambda: texts, len(texts), limit, seed, path)


def test_every_text_has_the_same_chance(tmp_path: Path) -> None:
    drawn = Counter(
        text for seed in range(600) for text in lines(write(TEXTS[:10], 3, seed, tmp_path / "sample"))
    )
    assert sum(drawn.values()) == 1800
    # 180 are due, with a standard deviation of 11.
    assert set(drawn) == set(TEXTS[:10])
    assert all(130 < count < 230 for count in drawn.values())


def test_the_sample_hangs_on_the_texts_and_not_on_their_order(tmp_path: Path) -> None:
    forth = lines(write(TEXTS, 50, 1, tmp_path / "s"))
    back = lines(write(TEXTS[::-1], 50, 1, tmp_path / "s"))
    assert len(forth) == 50
    assert forth == back[::-1]
    # A larger sample holds the smaller one.
    assert set(forth) < set(lines(write(TEXTS, 60, 1, tmp_path / "s")))
    assert sorted(lines(write(TEXTS, 50, 2, tmp_path / "s"))) != sorted(forth)


def test_equal_texts_come_together(tmp_path: Path) -> None:
    counted = Counter(lines(write([t for t in TEXTS[:20] for _ in range(5)], 23, 0, tmp_path / "s")))
    assert set(counted.values()) == {5}
    assert sum(counted.values()) == 25


def test_text_is_normalised_and_what_is_empty_left_out(tmp_path: Path) -> None:
    sample = write(["  Ｗake\nme ", " \u200b", "\u2585", "up"], 10, 0, tmp_path / "s")
    assert lines(sample) == ["Wake me", "up"]
    assert sample.sentences == 2
    assert sample.num_bytes == len("▁Wake▁me▁up".encode())
    assert read_sample(sample.path) == sample


def test_no_text(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no text to train"):
        write(["", " "], 10, 0, tmp_path / "s")


def test_too_much_text_is_refused_with_what_would_fit(tmp_path: Path) -> None:
    sample = Sample(tmp_path, 1_000_000, 200_000_000)
    assert sample.memory == pytest.approx(3.16e9)
    with pytest.raises(UserError) as caught:
        check_memory(sample, 1.6)
    assert "about 3.16 GB of memory, more than the limit of 1.60 GB" in caught.value.problem
    assert "'sentences: 480000' would fit" in caught.value.problem
    assert caught.value.place == "memory_limit"
    told = check_memory(Sample(tmp_path, 480_000, 96_000_000), 1.6)
    assert told == "480,000 rows, 96.0 MB: training takes about 1.55 GB of memory (limit 1.60 GB)"
    with pytest.raises(UserError, match="raise 'memory_limit'"):
        check_memory(sample, 0.05)


def test_the_limit_that_is_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine_memory() > 1e8
    monkeypatch.setattr(module, "machine_memory", lambda: 2e9)
    with pytest.raises(UserError, match=r"the limit of 1\.60 GB") as caught:
        check_memory(Sample(tmp_path, 1_000_000, 200_000_000), None)
    assert caught.value.place == "sentences"

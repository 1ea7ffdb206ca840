"""The stage against a slow, plain reference; the same rows whatever the order and number of files."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.entries import Corpus, Labels
from understudy.core.recipe.spoken import Spoken
from understudy.core.recipe.text_filters import Contamination, Filters
from understudy.core.recipe.text_steps import Prepare
from understudy.core.stage import CorpusFiles, Inputs, LabelFiles
from understudy.corpus.clean import Rules
from understudy.corpus.dedup import copies
from understudy.corpus.draw import draw, key
from understudy.corpus.readers import Document
from understudy.corpus.sampling import plan
from understudy.corpus.split import held_out
from understudy.stages.prepare import run

Row = tuple[str, str, str]  # kind, language, text


def corpora(folder: Path, rows: list[Row], files: int = 1) -> Inputs:
    """Rows dealt to ``files`` files a kind and language, in the order given."""
    found: dict[str, CorpusFiles] = {}
    for kind in ("public", "in_domain"):
        paths: dict[str, tuple[Path, ...]] = {}
        for language in sorted({lang for k, lang, _ in rows if k == kind}):
            texts = [text for k, lang, text in rows if (k, lang) == (kind, language)]
            paths[language] = tuple(folder / f"{kind}.{language}.{i}.jsonl" for i in range(files))
            for i, path in enumerate(paths[language]):
                path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts[i::files]))
        if paths:
            found[kind] = CorpusFiles(Corpus(path="x", locales=tuple(paths), kind=kind), paths)
    return Inputs(corpora=found, artifacts={}, labels={})


def prepare(folder: Path, inputs: Inputs, **config: object) -> tuple[dict, dict[str, list[dict]]]:
    out = folder / "out"
    out.mkdir(exist_ok=True)
    numbers = run(Prepare(stage="prepare", corpora=tuple(inputs.corpora), **config), inputs, out)
    read = {
        name: [
            row
            for file in sorted((out / name).glob("part-*.parquet"))
            for row in pq.read_table(file).to_pylist()
        ]
        for name in ("train", "validation")
    }
    return numbers, read


def world() -> list[Row]:
    rows = [("public", "en", f"Public sentence number {i} of Many.") for i in range(300)]
    rows += [("public", "de", f"Öffentlicher Satz Nummer {i}.") for i in range(60)]
    rows += [("public", "de", "Doppelt.")] * 3
    rows += [("in_domain", "en", f"turn on the lamp {i % 40}") for i in range(200)]
    rows += [("in_domain", "de", f"mach bitte die lampe {i} an") for i in range(30)]
    rows += [("in_domain", "en", "stop")] * 9 + [("public", "en", " ... ")]
    return rows


CONFIG = {"seed": 5, "validation_share": 0.05, "spoken": {"share": 0.5}, "minimum_words": 3}


def reference(rows: list[Row], alpha: float, mix: tuple[float, float], examples: int | None):
    """The kept texts by side with their counts before sampling, and the plan: no engine, no shortcuts."""
    rules = Rules(CONFIG["seed"], CONFIG["spoken"]["share"], CONFIG["minimum_words"])
    seen: Counter[Row] = Counter()
    for kind, language, text in rows:
        cleaned = rules.cleaner(language, kind, Counter())(Document(" ".join(text.split())))
        if not cleaned.dropped:
            seen[kind, language, cleaned.text] += 1
    own = key(CONFIG["seed"], "split")
    groups = {row[:2] for row in seen}
    smallest = frozenset(min(draw(r[2], own) for r in seen if r[:2] == group) for group in groups)
    out = {row: held_out(row[2], CONFIG["seed"], CONFIG["validation_share"], smallest) for row in seen}
    kept = {row: copies(n, row[0]) for row, n in seen.items()}
    train: Counter[tuple[str, str]] = Counter()
    for row, n in kept.items():
        train[row[:2]] += 0 if out[row] else n
    return kept, out, train, plan(dict(train), alpha, mix, examples)


@pytest.mark.parametrize(
    ("alpha", "mix", "examples"), [(0.5, (1, 2), None), (0.0, (7, 3), 1000), (1.0, (1, 1), 50)]
)
def test_unpacked_rows_agree_with_the_reference(tmp_path: Path, alpha, mix, examples) -> None:
    rows = world()
    numbers, got = prepare(
        tmp_path, corpora(tmp_path, rows), alpha=alpha, mix=mix, examples=examples, pack_words=0, **CONFIG
    )
    kept, out, train, targets = reference(rows, alpha, mix, examples)

    held = Counter((row["kind"], row["language"], row["text"]) for row in got["validation"])
    assert held == {row: n for row, n in kept.items() if out[row]}
    sampled = Counter((row["kind"], row["language"], row["text"]) for row in got["train"])
    assert not set(sampled) & set(held)
    for group, target in targets.items():
        quotient, remainder = divmod(target, train[group])
        mine = {row: n for row, n in kept.items() if row[:2] == group and not out[row]}
        assert sum(sampled[row] for row in mine) == target
        # A row kept n times is n rows, each taken quotient times or once more.
        assert all(0 <= sampled[row] - n * quotient <= n for row, n in mine.items())
        assert sum(sampled[row] - n * quotient for row, n in mine.items()) == remainder
        assert numbers["rows"][group[0]][group[1]]["sampled"] == target
    assert sum(sampled.values()) == sum(targets.values())
    if examples is not None:
        assert len(got["train"]) == examples


def test_noise_and_a_seed_of_its_own(tmp_path: Path) -> None:
    rows = [("public", "en", f"Wake me in {i} hours, please, my friend.") for i in range(200)]

    def texts(name: str, **spoken: object) -> list[str]:
        folder = tmp_path / name
        folder.mkdir()
        _, got = prepare(folder, corpora(folder, rows), seed=1, spoken=spoken, pack_words=0)
        return sorted(row["text"] for side in got.values() for row in side)

    silent = texts("silent")
    noisy = texts("noisy", noise={"word_drop": 0.5})
    assert [text for text in silent if "," in text] == [text for text in noisy if "," in text]
    assert sum(map(len, noisy)) < 0.8 * sum(map(len, silent))
    assert texts("other", seed=2) != silent == texts("same", seed=1)


def test_numbers_add_up(tmp_path: Path) -> None:
    rows = world()
    numbers, got = prepare(tmp_path, corpora(tmp_path, rows), **CONFIG, pack_words=40)
    for (kind, language), n in Counter(row[:2] for row in rows).items():
        cell = numbers["rows"][kind][language]
        assert cell["read"] == n == cell["kept"] + sum(cell["dropped"].values())
        for name in ("train", "validation"):
            mine = [row for row in got[name] if (row["kind"], row["language"]) == (kind, language)]
            assert cell[name] == {"rows": len(mine), "words": sum(row["words"] for row in mine)}
            assert mine
    public, in_domain = numbers["rows"]["public"], numbers["rows"]["in_domain"]
    assert public["en"]["dropped"]["empty"] in (0, 1)  # " ... " is empty only in spoken form
    assert public["de"]["dropped"]["duplicate"] == 2
    assert in_domain["en"]["dropped"] == {"empty": 0, "short": 9, "duplicate": 200 - 40 * 2}
    assert 0.4 < public["en"]["spoken_share"] < 0.6
    assert in_domain["en"]["spoken_share"] is None
    for name in ("train", "validation"):
        assert numbers[name] == {"rows": len(got[name]), "words": sum(row["words"] for row in got[name])}


def test_packed_rows_hold_one_language_and_about_the_words_asked_for(tmp_path: Path) -> None:
    _, got = prepare(tmp_path, corpora(tmp_path, world()), **CONFIG, pack_words=40, examples=900)
    english = [row for row in got["train"] if (row["kind"], row["language"]) == ("public", "en")]
    assert max(row["words"] for row in english) <= 40
    assert sum(row["words"] for row in english) / len(english) > 33
    assert all("atz" not in row["text"] for row in english)
    assert all(row["words"] == len(row["text"].split()) for row in got["train"])


def test_same_seed_same_files_whatever_the_order_and_number_of_files(tmp_path: Path) -> None:
    rows = world()
    for name in "abc":
        (tmp_path / name).mkdir()
    results = [
        prepare(tmp_path / "a", corpora(tmp_path / "a", rows), **CONFIG, pack_words=40, shards=3),
        prepare(
            tmp_path / "b", corpora(tmp_path / "b", rows[::-1], files=5), **CONFIG, pack_words=40, shards=3
        ),
    ]
    assert results[0] == results[1]
    _, other = prepare(tmp_path / "c", corpora(tmp_path / "c", rows), **CONFIG | {"seed": 6}, pack_words=40)
    assert other["train"] != results[0][1]["train"]


def test_what_a_killed_run_left_is_replaced(tmp_path: Path) -> None:
    inputs = corpora(tmp_path, world())
    first = prepare(tmp_path, inputs, **CONFIG, shards=2)
    (tmp_path / "out" / "train" / "part-00007.parquet").write_bytes(b"half")
    assert prepare(tmp_path, inputs, **CONFIG, shards=2) == first


def test_a_bad_line_and_a_language_of_short_utterances_are_user_errors(tmp_path: Path) -> None:
    inputs = corpora(tmp_path, [("in_domain", "en", "stop"), ("in_domain", "en", "go")])
    with pytest.raises(UserError, match="2 in-domain rows in 'en'"):
        prepare(tmp_path, inputs, minimum_words=2)
    shutil.rmtree(tmp_path / "out")  # of other inputs the runner would clear it
    path = inputs.corpora["in_domain"].files["en"][0]
    path.write_text('{"text": "one two"}\n{"text": "cut')
    with pytest.raises(UserError, match=rf"{path.name}: line 2"):
        prepare(tmp_path, inputs)


def test_test_texts_and_what_filters_drop_are_kept_out_and_told(tmp_path: Path, capsys) -> None:
    frame = {
        "id": "1",
        "locale": "en",
        "domain": "d",
        "intent": "i",
        "slots": [],
        "text": "Turn on the Lamp 7!",
    }
    labels = tmp_path / "en.labels.jsonl"
    rows = [frame | {"id": name, "partition": name, "text": text} for name, text in (
        ("train", "turn on the lamp 8"), ("dev", "turn on the lamp 9"), ("test", frame["text"]))]  # fmt: skip
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows))
    inputs = corpora(tmp_path, world())
    given = LabelFiles(Labels(path="x", locales=("en",), format="frames"), {"en": (labels,)}, Prepare.splits)
    pairs = tmp_path / "en.pairs.jsonl"
    example = {"text": "nothing", "pair": "turn on the lamp 6", "label": "x", "partition": "test"}
    pairs.write_text(json.dumps(example) + "\n" + json.dumps(example | {"partition": "dev"}) + "\n")
    entry = Labels(path="x", locales=("en",), format="pairs")
    both = {"all": given, "pairs": LabelFiles(entry, {"en": (pairs,)}, Prepare.splits)}
    inputs = Inputs(corpora=inputs.corpora, labels=both)
    filters = Filters(minimum_characters=9, contamination=Contamination(labels=("all", "pairs")))
    numbers, got = prepare(tmp_path, inputs, filters=filters, dropped="keep", **CONFIG)
    kept = {row["text"] for rows in got.values() for row in rows}
    assert "turn on the lamp 8" in kept
    assert not {"turn on the lamp 6", "turn on the lamp 7", "turn on the lamp 9"} & kept
    cell = numbers["rows"]["in_domain"]["en"]
    assert cell["dropped"] == {
        "empty": 0, "short": 0, "few_characters": 9, "contamination": 15, "duplicate": 185 - 37 * 2
    }  # fmt: skip
    aside = [
        row for file in (tmp_path / "out" / "dropped").iterdir() for row in pq.read_table(file).to_pylist()
    ]
    assert Counter((row["language"], row["reason"], row["text"]) for row in aside) == {
        ("en", "contamination", "turn on the lamp 6"): 5,
        ("en", "contamination", "turn on the lamp 7"): 5,
        ("en", "contamination", "turn on the lamp 9"): 5,
        ("en", "few_characters", "stop"): 9,
        ("de", "few_characters", "Doppelt."): 3,
        ("en", "few_characters", "..."): 1,
    }
    lines = capsys.readouterr().err.splitlines()
    header = next(line for line in lines if line.startswith("kind"))
    assert header.split("  ")[0] == "kind" and "few characters" in header and "contamination" in header
    line = next(line for line in lines if line.startswith("in-domain") and " en " in line)
    assert line.split()[:7] == ["in-domain", "en", "209", "15", "111", "9", "74"]


def test_a_transfer_set_takes_each_corpus_by_its_weight_and_every_language_alike(tmp_path: Path) -> None:
    """Paper B 3.1: 7:3, and German has no task text."""
    rows = [
        ("public", lang, f"{lang} sentence {i}") for lang, n in (("en", 500), ("de", 90)) for i in range(n)
    ]
    rows += [("in_domain", "en", f"turn on the lamp {i}") for i in range(50)]
    inputs = corpora(tmp_path, rows)
    named = {"wiki": inputs.corpora["public"], "task": inputs.corpora["in_domain"]}
    given = Inputs(corpora=named)
    config = {"spoken": Spoken(share=0.0), "minimum_words": 0, "pack_words": 0, "seed": 2}
    numbers, got = prepare(tmp_path, given, mix={"wiki": 7, "task": 3}, examples=600, **config)
    assert Counter((row["language"], row["kind"]) for row in got["train"]) == {
        ("en", "public"): 210, ("en", "in_domain"): 90, ("de", "public"): 300
    }  # fmt: skip
    assert {name: set(cells) for name, cells in numbers["rows"].items()} == {
        "wiki": {"en", "de"},
        "task": {"en"},
    }
    assert numbers["rows"]["task"]["en"]["sampled"] == 90
    shutil.rmtree(tmp_path / "out")
    with pytest.raises(UserError, match="mix: give the weight of each of wiki, task"):
        prepare(tmp_path, given, mix={"wiki": 7, "tasks": 3}, **config)


def test_a_file_read_in_parts_without_a_row_is_a_mistake_all_the_same(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("understudy.corpus.pipeline.PART_BYTES", 100)
    inputs = corpora(tmp_path, world())
    chosen = {
        name: CorpusFiles(found.config.model_copy(update={"where": {"language": "xx"}}), found.files)
        for name, found in inputs.corpora.items()
    }
    with pytest.raises(UserError, match=r"no row with \{language: xx\}"):
        prepare(tmp_path, Inputs(corpora=chosen))


def test_a_mistake_in_a_test_set_is_told_before_anything_is_read(tmp_path: Path) -> None:
    inputs = corpora(tmp_path, world())
    absent = LabelFiles(Labels(path="x", locales=("en",)), {"en": ()}, Prepare.splits)
    with pytest.raises(UserError, match="no file for locale 'en'"):
        prepare(
            tmp_path,
            Inputs(corpora=inputs.corpora, labels={"all": absent}),
            filters=Filters(contamination=Contamination(labels=("all",))),
        )


@pytest.mark.slow
def test_real_text_is_sampled_as_asked(tmp_path: Path, shared_data: Path) -> None:
    generic = Corpus(path="x", locales=("en", "de", "ja"))
    massive = Corpus(
        path="x", locales=("en-US", "ja-JP"), field="utt", where={"partition": "train"}, kind="in_domain"
    )
    files = {
        "generic": CorpusFiles(
            generic, {n: (shared_data / f"generic/{n}.jsonl.gz",) for n in generic.locales}
        ),
        "massive": CorpusFiles(
            massive, {n: (shared_data / f"massive/{n}.jsonl.gz",) for n in massive.locales}
        ),
    }
    numbers, got = prepare(tmp_path, Inputs(corpora=files, artifacts={}, labels={}))
    assert set(numbers["rows"]["public"]) == {"en", "de", "ja"}
    assert set(numbers["rows"]["in_domain"]) == {"en", "ja"}
    assert all(
        cell["spoken_share"] == pytest.approx(0.7, abs=0.01) for cell in numbers["rows"]["public"].values()
    )
    kept = sum(cell["kept"] - cell["held_out"] for cell in numbers["rows"]["in_domain"].values())
    assert sum(cell["sampled"] for cell in numbers["rows"]["in_domain"].values()) == kept
    assert sum(cell["sampled"] for cell in numbers["rows"]["public"].values()) == round(kept / 2)
    assert not {row["text"] for row in got["train"]} & {row["text"] for row in got["validation"]}

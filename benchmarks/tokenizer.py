"""Subwords: training, and encoding with offsets against other engines, on sentences of twelve languages.

Ours encodes to ids with SentencePiece and derives offsets from the lengths of the pieces. The others, with
the same pieces: SentencePiece's own offsets, its proto, and the Rust `tokenizers` that Hugging Face uses. One
core, the same sentences, in turns. Without real data they are those of the demonstration world.

    python benchmarks/tokenizer.py --sentences 400000    the training that RECORDS quotes
    python benchmarks/tokenizer.py --same-ids all        ids against stock AutoTokenizer's, on all of the data
    python benchmarks/tokenizer.py --memory              the figures behind the memory estimate
    python benchmarks/tokenizer.py --short-cut           training from a larger model's pieces, as searches do
"""

from __future__ import annotations

import os

os.environ["RAYON_NUM_THREADS"] = "1"  # the Rust library takes every core
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from tokenizers import Tokenizer

from understudy.core.files import read_jsonl
from understudy.corpus.draw import below, draw, key
from understudy.demo import world
from understudy.text.spoken.plain import plain
from understudy.tokenizer.characters import expand
from understudy.tokenizer.measures import PieceCounts, count_by_language
from understudy.tokenizer.normalize import normalized
from understudy.tokenizer.sample import Sample, check_memory, write_sample
from understudy.tokenizer.subwords import MODEL_FILE, Subwords
from understudy.tokenizer.train import Trained, train_on, write_seeds

REPOSITORY = Path(__file__).parents[1]
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "mr", "pt", "ta", "te")
ALPHA, SPOKEN = 0.5, 0.7
"""Language sampling and share of spoken form as in the papers; the latter here by the general rules alone."""

Texts = dict[str, list[str]]


def real_texts(data: Path) -> Texts:
    """All generic sentences by language."""
    return {
        language: [row["text"] for _, row in read_jsonl(data / "generic" / f"{language}.jsonl.gz")]
        for language in LANGUAGES
    }


def demo_texts() -> Texts:
    """Sentences of the demonstration world."""
    return {locale[:2]: list(world.generic(locale, 8000, 0)) for locale in world.LOCALES}


def mixed(texts: Texts, count: int) -> list[str]:
    """About ``count`` sentences: languages by share to the power of alpha, seven of ten as if spoken."""
    weights = {language: len(rows) ** ALPHA for language, rows in texts.items()}
    chosen: list[str] = []
    kept, said = key(0, "benchmark"), key(0, "spoken")
    for language, rows in texts.items():
        due = count * weights[language] / sum(weights.values())
        whole, part = divmod(due / len(rows), 1)
        for text in rows:
            copies = int(whole) + (draw(text, kept) < below(part))
            if copies:
                text = plain(text) if draw(text, said) < below(SPOKEN) else text
                chosen += [text] * copies
    return chosen


def trained(texts: Texts, sentences: int, vocabulary: int, folder: Path) -> tuple[Trained, Sample]:
    """A tokenizer on the mix, with all joyo kanji and kana where the vocabulary has room for them."""
    mix = mixed(texts, sentences)
    sample = write_sample(lambda: mix, len(mix), len(mix), 0, folder / "sample.txt")
    print(check_memory(sample, None), file=sys.stderr)
    characters = expand(["joyo", "hiragana", "katakana"]) if vocabulary >= 10_000 else ""
    return train_on(sample, vocabulary, folder / "tokenizer", characters=characters), sample


def engines(folder: Path) -> dict[str, Callable[[str], Any]]:
    """Each encodes a sentence to ids, and all but the first to offsets too."""
    subwords = Subwords.load(folder)
    encode = sentencepiece.SentencePieceProcessor(model_file=str(folder / MODEL_FILE)).Encode
    rust = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def proto(text: str) -> list[tuple[int, int, int]]:
        pieces = encode(normalized(text), return_type="proto").pieces
        return [(piece.id, piece.begin, piece.end) for piece in pieces]

    def in_rust(text: str) -> tuple[list[int], list[tuple[int, int]]]:
        encoding = rust.encode(text)
        return encoding.ids, encoding.offsets

    return {
        "ids only": lambda text: encode(normalized(text)),
        "ours": subwords.encode,
        "SentencePiece offsets": lambda text: encode(normalized(text), return_type="offset_mapping"),
        "SentencePiece proto": proto,
        "tokenizers (Rust)": in_rust,
    }


def rates(texts: Texts, folder: Path, count: int) -> dict[str, dict[str, float]]:
    """Sentences a second of processor time, of every engine by language; medians over batches."""
    contestants = engines(folder)
    found: dict[str, dict[str, float]] = {name: {} for name in contestants}
    for language, rows in texts.items():
        rows = rows[:: max(1, len(rows) // count)][:count]
        seconds: dict[str, list[float]] = {name: [] for name in contestants}
        for i in range(0, len(rows), 250):
            for name, encode in contestants.items():
                start = time.process_time()
                for text in rows[i : i + 250]:
                    encode(text)
                seconds[name].append((time.process_time() - start) / len(rows[i : i + 250]))
        for name, values in seconds.items():
            found[name][language] = 1 / statistics.median(values)
    for row in found.values():  # all languages, each as many sentences
        row["all"] = len(texts) / sum(1 / row[language] for language in texts)
    return found


def microseconds(texts: Texts, folder: Path) -> dict[str, float]:
    """Median time of one short utterance, encoded alone, by language."""
    subwords, found = Subwords.load(folder), {}
    for language, rows in texts.items():
        taken = []
        for text in sorted(rows, key=len)[len(rows) // 4 : len(rows) // 2][:2000]:
            start = time.perf_counter()
            subwords.encode(text)
            taken.append(time.perf_counter() - start)
        found[language] = 1e6 * statistics.median(taken)
    return found


def every_text(data: Path) -> Iterator[tuple[str, list[str]]]:
    """Names and texts of all files with sentences: generic, tagged and MASSIVE."""
    for kind, field in (("tagged", "text"), ("massive", "utt"), ("generic", "text")):
        for path in sorted((data / kind).glob("*.jsonl.gz")):
            yield f"{kind}/{path.name}", [row[field] for _, row in read_jsonl(path)]


def same_ids(data: Path, folder: Path, limit: int | None) -> tuple[int, list[str]]:
    """How many texts were compared with stock AutoTokenizer, and those whose ids differ."""
    from transformers import AutoTokenizer

    ours, theirs = Subwords.load(folder), AutoTokenizer.from_pretrained(folder)
    compared, different = 0, []
    for name, rows in every_text(data):
        rows = rows if limit is None else rows[:: max(1, len(rows) // limit)][:limit]
        for i in range(0, len(rows), 4096):
            batch = rows[i : i + 4096]
            pairs = zip(batch, ours.ids(batch), theirs(batch).input_ids, strict=True)
            different += [text for text, mine, its in pairs if [0, *mine, 2] != its]
        compared += len(rows)
        print(f"{name}: {len(rows):,} texts, {len(different):,} different so far", file=sys.stderr)
    return compared, different


def memory(texts: Texts, folder: Path) -> list[tuple[str, float, float, float]]:
    """What is read, its megabytes, and the measured and estimated peak in megabytes."""
    rows = []
    cases = [("ja", 70_000), ("ta", 30_000), ("ta", 60_000), ("de", 100_000)]
    mixes = [50_000, 100_000, 200_000, 400_000]
    inputs = [(f"{name} {n:,}", texts[name][:n]) for name, n in cases]
    inputs += [(f"mix {n:,}", mixed(texts, n)) for n in mixes]
    packed = [" ".join(texts["de"][i : i + 40]) for i in range(0, 100_000, 40)]
    for name, sentences in [*inputs, ("de 100,000 packed", packed)]:
        sample = write_sample(
            lambda rows=sentences: rows, len(sentences), len(sentences), 0, folder / "s.txt"
        )
        peak = train_on(sample, 12_000, folder / "m").peak_memory
        rows.append((name, sample.num_bytes / 1e6, peak / 1e6, sample.memory / 1e6))
        print("{}: {:.1f} MB read, {:.0f} MB peak, {:.0f} estimated".format(*rows[-1]), file=sys.stderr)
    return rows


def short_cut(texts: Texts, folder: Path, sentences: int) -> None:
    """Each size trained in full and from the pieces of a larger one: seconds, and the split ratio of both."""
    mix = mixed(texts, sentences)
    sample = write_sample(lambda: mix, len(mix), len(mix), 0, folder / "sample.txt")
    held_out = [(rows[::101][:500], [language] * 500) for language, rows in texts.items()]

    def measured(done: Trained) -> tuple[float, float]:
        counts = count_by_language(done.subwords, [(rows, its[: len(rows)]) for rows, its in held_out])
        return sum(counts.values(), PieceCounts()).split_ratio, done.seconds

    largest = train_on(sample, 48_000, folder / "largest")
    write_seeds(largest.subwords, folder / "seeds.tsv")
    for size in (24_000, 16_000, 8_000):
        ratio, seconds = measured(train_on(sample, size, folder / "full"))
        short, fewer = measured(train_on(sample, size, folder / "short", seeds=folder / "seeds.tsv"))
        print(
            f"{size:,} pieces: in full {ratio:.4f} pieces a word, {seconds:.1f} s; "
            f"from 48,000 {short:.4f} ({100 * (short / ratio - 1):+.2f} %), {fewer:.1f} s"
        )


def print_rates(found: dict[str, dict[str, float]], taken: dict[str, float]) -> None:
    """Languages down, engines across."""
    names = list(found)
    print(f"{'sentences/s':<12}" + "".join(f"{name:>23}" for name in names) + f"{'ours, alone':>14}")
    for language in found["ours"]:
        alone = f"{taken[language]:>11.1f} µs" if language in taken else ""
        print(f"{language:<12}" + "".join(f"{found[name][language]:>23,.0f}" for name in names) + alone)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    default = Path(os.environ.get("UNDERSTUDY_DATA", REPOSITORY.parent / "shared" / "data"))
    parser.add_argument(
        "--data", type=Path, default=default, help="folder with generic/, tagged/ and massive/"
    )
    parser.add_argument("--sentences", type=int, default=50_000, help="that are trained on")
    parser.add_argument("--vocabulary", type=int, default=16_000)
    parser.add_argument("--encoded", type=int, default=2_000, help="sentences a language that are encoded")
    parser.add_argument("--same-ids", metavar="N", help="compare ids on N texts a file, or on 'all'")
    parser.add_argument(
        "--memory", action="store_true", help="measure the trainer's memory, and nothing else"
    )
    parser.add_argument("--short-cut", action="store_true", help="measure the short cut, and nothing else")
    parser.add_argument("--keep", type=Path, help="folder for the tokenizer; one that is there is used")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")
    options = parser.parse_args()

    real = (options.data / "generic").is_dir()
    texts = real_texts(options.data) if real else demo_texts()
    result: dict[str, Any] = {"languages": len(texts), "vocabulary": options.vocabulary}
    with tempfile.TemporaryDirectory() as scratch:
        if options.memory:
            rows = memory(texts, Path(scratch))
            slope, constant = np.polyfit([row[1] for row in rows], [row[2] for row in rows], 1)
            print(f"peak = {slope:.2f} x bytes read + {constant:.0f} MB")
            return
        if options.short_cut:
            short_cut(texts, Path(scratch), options.sentences)
            return
        folder = options.keep or Path(scratch) / "kept"
        if not (folder / "tokenizer").is_dir():
            vocabulary = options.vocabulary if real else min(options.vocabulary, 3000)
            done, sample = trained(texts, options.sentences, vocabulary, folder)
            result["training"] = {
                "sentences": sample.sentences,
                "megabytes": round(sample.num_bytes / 1e6, 1),
                "seconds": round(done.seconds, 1),
                "peak_gb": round(done.peak_memory / 1e9, 3),
                "estimated_gb": round(sample.memory / 1e9, 3),
            }
        folder /= "tokenizer"
        if options.same_ids:
            limit = None if options.same_ids == "all" else int(options.same_ids)
            compared, different = same_ids(options.data, folder, limit)
            result["same_ids"] = {"texts": compared, "different": different}
        else:
            found, taken = rates(texts, folder, options.encoded), microseconds(texts, folder)
            result |= {"sentences_per_second": found, "microseconds": taken}
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for name in ("training", "same_ids"):
        if name in result:
            print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in result[name].items()))
    if "microseconds" in result:
        print_rates(found, taken)


if __name__ == "__main__":
    main()

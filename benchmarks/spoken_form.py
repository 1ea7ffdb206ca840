"""Spoken form: sentences a second of ours on each language, and against NeMo text processing.

    python benchmarks/spoken_form.py [--data ../shared/data] [--nemo en de ...] [--sentences 20] [--cache DIR]

One core, processor time. Ours on a sample of ``generic`` in every language; then ours and NeMo on the same
sentences with numbers, one at a time, in the same run. NeMo compiles its grammars first, half a minute a
language; that time, and loading our rules, does not count. With ``--cache`` it keeps them in a folder; read
from there, alone in its process, NeMo is five times as fast in English as with those it has just compiled.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import random
import time
from collections.abc import Callable
from pathlib import Path

from understudy.text.locale import LANGUAGES
from understudy.text.spoken import has_rules, spoken

SAMPLE, ROUNDS = 20_000, 3
NEMO = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "pt")


def sentences(data: Path, language: str) -> list[str]:
    with gzip.open(data / "generic" / f"{language}.jsonl.gz", "rt", encoding="utf-8") as handle:
        texts = [str(json.loads(line)["text"]) for line in handle]
    random.Random(0).shuffle(texts)
    return texts


def rate(speak: Callable[[str], str], texts: list[str], rounds: int) -> float:
    """Sentences a second of processor time, in the best of some rounds: the machine does other things too."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            speak(text)
        best = min(best, time.process_time() - start)
    return len(texts) / best


def nemo(language: str, cache: Path | None) -> Callable[[str], str]:
    from nemo_text_processing.text_normalization.normalize import Normalizer

    logging.disable(logging.WARNING)
    cache_dir = str(cache / language) if cache else None
    normalizer = Normalizer(input_case="cased", lang=language, cache_dir=cache_dir)
    return lambda text: str(normalizer.normalize(text, punct_post_process=False))


def done_by(normalize: Callable[[str], str], texts: list[str], number: int) -> tuple[list[str], float]:
    """The first texts that NeMo does not fail on, as it does on half the Portuguese ones, and its seconds."""
    done, seconds = [], 0.0
    for text in texts[: 5 * number]:
        start = time.process_time()
        try:
            normalize(text)
        except Exception:
            continue
        seconds += time.process_time() - start
        done.append(text)
        if len(done) == number:
            break
    return done, seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--nemo", nargs="*", default=("en", "de"), choices=NEMO, metavar="LANGUAGE")
    parser.add_argument("--sentences", type=int, default=20, help="with numbers, for NeMo")
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()

    texts = {language: sentences(arguments.data, language) for language in sorted(LANGUAGES)}
    print(f"{'generic':<10}{'sentences/s':>12}{'with digits':>13}")
    rates = []
    for language, written in texts.items():
        sample = written[:SAMPLE]
        spoken(sample[0], language)
        rates.append(rate(lambda text, to=language: spoken(text, to), sample, ROUNDS))
        digits = sum(any(map(str.isdigit, text)) for text in sample) / len(sample)
        print(
            f"{language:<10}{rates[-1]:>12,.0f}{digits:>13.1%}{'' if has_rules(language) else '  no rules'}"
        )
    print(f"{'mean':<10}{sum(rates) / len(rates):>12,.0f}\n")

    print(f"{'numbers':<10}{'ours/s':>12}{'NeMo/s':>10}{'ratio':>9}")
    seconds = {"ours": 0.0, "NeMo": 0.0}
    for language in arguments.nemo:
        numbered = [text for text in texts[language] if any(map(str.isdigit, text))]
        numbered, took = done_by(nemo(language, arguments.cache), numbered, arguments.sentences)
        theirs = len(numbered) / took
        ours = rate(lambda text, to=language: spoken(text, to), numbered * 20, ROUNDS)
        print(f"{language:<10}{ours:>12,.0f}{theirs:>10.2f}{ours / theirs:>9,.0f}", flush=True)
        seconds["ours"] += 1 / ours
        seconds["NeMo"] += 1 / theirs
    ours, theirs = (len(arguments.nemo) / each for each in seconds.values())
    print(f"{'all':<10}{ours:>12,.0f}{theirs:>10.2f}{ours / theirs:>9,.0f}")


if __name__ == "__main__":
    main()

"""A run's folder as the stages would leave it, made in milliseconds and by nobody's training.

Loaded by path from the conftests of `tests/report` and `tests/browser`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from understudy.core.artifact import FORMAT_VERSION, Manifest, Workspace
from understudy.core.files import write_jsonl
from understudy.metrics.nlu import score
from understudy.utterances.frame import Frame, Slot, Tail
from understudy.utterances.read import write_frames

LOCALES = ("en-US", "ar-SA")
SENTENCES = {
    "en-US": ("wake me at {time}", "play <b>{song}</b> & dance", "is it warm in {place}"),
    "ar-SA": ("أيقظني في {time}", "شغل {song}", "هل الجو حار في {place}"),
}
INTENTS = (("alarm", "alarm_set"), ("music", "music_play"), ("weather", "weather_query"))
VALUES = {
    "en-US": ("seven", "</script><script>alert(1)</script>", "new york", "noon", "ruby"),
    "ar-SA": ("السابعة", "فيروز", "القاهرة", "الظهر", "دبي"),
}


def draw(*parts: object) -> float:
    """A number from 0 to 1 that hangs on the parts alone."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def references(number: int = 60) -> list[Frame]:
    frames = []
    for locale in LOCALES:
        for i in range(number):
            kind = i % 3
            domain, intent = INTENTS[kind]
            sentence = SENTENCES[locale][kind]
            name = sentence[sentence.index("{") + 1 : sentence.index("}")]
            value = VALUES[locale][int(draw(locale, i) * 5)]
            start = sentence.index("{")
            slot = Slot(name, value, start, start + len(value))
            text = sentence.replace("{" + name + "}", value)
            frames.append(
                Frame(str(i), locale, text, domain, intent, (slot,), tail=Tail(i % 4 == 0, i % 2 == 0))
            )
    return frames


def answers(due: Sequence[Frame], skill: float, seed: int) -> list[Frame]:
    """Answers that are right more often the more skilful, and wrong in every way there is."""
    given = []
    for frame in due:
        luck = draw(frame.id, frame.locale, seed)
        confidence = round(0.3 + 0.7 * draw("sure", frame.id, frame.locale, seed), 4)
        sure = {"confidence": confidence, "intent_confidence": confidence, "rejected": confidence < 0.4}
        (slot,) = frame.slots
        if luck < skill:
            given.append(replace(frame, tail=None, **sure))
            continue
        way = int(luck * 1000) % 4
        if way == 0:
            domain, intent = INTENTS[(int(frame.id) + 1) % 3]
            given.append(replace(frame, domain=domain, intent=intent, tail=None, **sure))
        elif way == 1:
            given.append(replace(frame, slots=(), tail=None, **sure))
        elif way == 2:
            shorter = Slot(slot.name, frame.text[slot.start : slot.end - 1], slot.start, slot.end - 1)
            given.append(replace(frame, slots=(shorter,) if shorter.value else (), tail=None, **sure))
        else:
            given.append(replace(frame, slots=(replace(slot, name="date"),), tail=None, **sure))
    return given


class MadeRun:
    """Writes artifacts into ``runs/<name>``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = 0

    def step(
        self,
        name: str,
        stage: str,
        numbers: dict[str, Any] | None = None,
        *,
        reads: Sequence[str] = (),
        fill: Callable[[Path], object] = lambda _: None,
        **config: Any,
    ) -> Path:
        self._number += 1
        fingerprint = hashlib.sha256(name.encode()).hexdigest()[:32]
        workspace = Workspace(self.folder / name, fingerprint)
        fill(workspace.path)
        workspace.complete(
            Manifest(
                format_version=FORMAT_VERSION,
                recipe=self.folder.name,
                step=name,
                stage=stage,
                fingerprint=fingerprint,
                config={"seed": 0, "matrix": {}, "stage": stage, **config},
                inputs={read: hashlib.sha256(read.split("/")[0].encode()).hexdigest()[:32] for read in reads},
                sources={"data/en.txt": "ab" * 32} if stage == "prepare" else {},
                code_version="0.1.0+abc",
                machine={"architecture": "x86_64", "cores": 2, "python": "3.11.7", "system": "Linux"},
                started=f"2026-01-01T00:{self._number:02}:00+00:00",
                seconds=float(self._number),
                numbers=numbers or {},
                files={},
            )
        )
        return self.folder / name

    def text(self) -> None:
        cell = {"read": 100, "dropped": {"short": 7, "empty": 0}, "kept": 93, "held_out": 3, "sampled": 90}
        for name, kinds in (("public-text", ("public",)), ("mixed-text", ("public", "in_domain"))):
            rows = {kind: {"en": cell, "ar": cell} for kind in kinds}
            self.step(name, "prepare", {"rows": rows, "train": {"rows": 180}}, corpora=kinds)
        languages = {
            name: {"split_ratio": ratio, "unk_portion": 0.001, "words": 9}
            for name, ratio in (("en", 1.2), ("ar", 1.9))
        }
        whole = {"vocabulary": 700, "split_ratio": 1.5, "unk_portion": 0.001, "by_language": languages}
        self.step("tokenizer", "tokenizer", whole, reads=("public-text", "mixed-text"))
        for kind in ("public", "mixed"):
            part = {"rows": 90, "tokens": 900, "unk_portion": 0.002, "by_language": {}}
            reads = (f"{kind}-text", "tokenizer")
            self.step(
                f"{kind}-shards",
                "encode",
                {"train": part, "validation": part},
                reads=reads,
                text=f"{kind}-text",
            )

    def encoder(self, name: str, shards: str, size: int, *, teacher: str = "", start: str = "") -> None:
        course = [(step, 400.0 / step) for step in (10, 20, 40)]
        history = [
            {"step": step, "perplexity": value, "perplexity.en": value, "nouns": step / 100}
            for step, value in course
        ]
        numbers = {
            "parameters": {"embedding": 10, "encoder": size, "total": size + 10},
            "steps": 40, "tokens": 4000, "tokens_per_second": 100, "seconds": 4.0, "history": history,
            **history[-1],
        }  # fmt: skip
        log = [{"step": step, "epoch": 0, "mlm": 7 - step / 10, "mfu": 0.1} for step, _ in course]
        if teacher:
            log = [{**line, "soft": 6 - line["step"] / 20} for line in log]
        reads = [each for each in (shards, teacher, start) if each]
        config = {"shards": shards, "from": start or None, "hidden": size} | (
            {"teacher": teacher} if teacher else {}
        )
        stage = "distill" if teacher else "pretrain"
        self.step(
            name, stage, numbers, reads=reads, fill=lambda out: write_jsonl(out / "log.jsonl", log), **config
        )

    def judged(
        self,
        base: str | None,
        skill: float,
        size: int,
        *,
        seed: int = 0,
        frozen: bool = False,
        export: bool = True,
        domain: str = "",
        heads: Sequence[str] = ("intent", "slots"),
    ) -> str:
        """Fine-tuned, evaluated and exported; the name of the evaluation."""
        own = f"{base or 'random'}{'-frozen' if frozen else ''}{domain and '-' + domain}-seed-{seed}"
        due = [frame for frame in references() if domain in ("", frame.domain)]
        given = answers(due, skill, seed + 100 * size)
        scores = score(due, given)
        tuned = {
            "parameters": size, "train_utterances": 300, "steps": 10, "tokens": 1000,
            "best": {"step": 10, "exact_match": skill},
            "history": [{"step": 5, "exact_match": skill / 2}, {"step": 10, "exact_match": skill}],
        }  # fmt: skip
        self.step(
            f"nlu-{own}", "finetune", tuned, reads=[base] if base else [], model=base, labels="all",
            frozen=frozen, seed=seed, domain=domain or None, locales=None,
            fill=lambda out: write_jsonl(
                out / "log.jsonl", ({"step": s, "intent": 3 / s, "slots": 4 / s} for s in (5, 10))
            ),
        )  # fmt: skip

        def fill(out: Path) -> None:
            write_frames(out / "references.jsonl", due)
            write_frames(out / "predictions.jsonl", given)

        numbers = {
            "split": "test", "model": f"nlu-{own}", "base": base, "labels": "all", "train_utterances": 300,
            "parameters": size, "heads": list(heads), **scores,
        }  # fmt: skip
        name = f"test-{own}"
        self.step(
            name, "evaluate", numbers, reads=[f"nlu-{own}"], model=f"nlu-{own}", labels="all", fill=fill
        )
        if export:
            by_locale = {precision: dict.fromkeys(LOCALES, skill) for precision in ("fp32", "int8")}
            measured = {
                "served": "int8", "exact_match": by_locale, "int8_loss": dict.fromkeys(LOCALES, 0.0),
                "bytes": {"fp32": 4 * size, "int8": size}, "p50_ms": {"fp32": size / 1e6, "int8": size / 3e6},
            }  # fmt: skip
            self.step(f"export-{own}", "export", measured, reads=[f"nlu-{own}"], model=f"nlu-{own}")
        return name


def whole_run(folder: Path) -> Path:
    """A teacher, a student distilled from it in two seeds, one pretrained directly, one not at all."""
    made = MadeRun(folder)
    made.text()
    made.encoder("teacher", "public-shards", 3_000_000)
    made.encoder("student", "mixed-shards", 1_000_000, teacher="teacher")
    made.encoder("direct", "public-shards", 1_000_000)
    tests = [made.judged("teacher", 0.9, 3_100_000)]
    tests += [made.judged("student", 0.8, 1_100_000, seed=seed) for seed in (0, 1)]
    tests.append(made.judged("direct", 0.5, 1_100_000))
    tests.append(made.judged(None, 0.4, 1_100_000))
    for base, skill in (("teacher", 0.6), ("student", 0.5)):
        tests.append(made.judged(base, skill, 3_100_000 if base == "teacher" else 1_100_000, frozen=True))
    alike = {
        locale: {domain: {"mean": 0.1 * (i + 1), "deviation": 0.0} for i, (domain, _) in enumerate(INTENTS)}
        for locale in LOCALES
    }
    made.step("likeness", "similarity", {"by_locale": alike})
    titles = {"student": "student (distilled)", "random": "no <pretraining>"}
    made.step("report", "report", {}, reads=tests, evaluations=tests, titles=titles, baselines=[])
    return folder

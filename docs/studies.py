"""Tables and picture of docs/studies/transfer-sets.md: python docs/studies.py runs/transfer-sets."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import starmap
from pathlib import Path
from typing import Any

from pages import markdown, with_tables
from pictures import chromium

from understudy.metrics.counts import Counts, count
from understudy.report.gather import groups
from understudy.report.run import Run, run_in
from understudy.report.sections.likeness import fitted
from understudy.report.systems import Group, System, read_pairs

PAGE = Path(__file__).parent / "studies" / "transfer-sets.md"
FIGURE = Path(__file__).parent / "images" / "transfer-sets-similarity.png"
GENERIC, DIRECT = "generic", "direct"
ORDER = (DIRECT, GENERIC, "mixed", "task", "mixed-ft", "task-ft")
LANGUAGE = "de-DE"
"""The paper's tables in its main text are of German."""

PAPER: dict[tuple[str, str, bool], dict[str, float]] = {
    ("domain_f1", GENERIC, False): {"mixed": 0.19, "task": 0.51, "mixed-ft": 0.31, "task-ft": 0.69},
    ("domain_f1", GENERIC, True): {"mixed": 0.34, "task": 1.0, "mixed-ft": 0.56, "task-ft": 1.38},
    ("semer", GENERIC, False): {"mixed": -0.55, "task": -1.25, "mixed-ft": -0.83, "task-ft": -1.57},
    ("semer", DIRECT, False): {"mixed": -1.73, "task": -2.42, "mixed-ft": -2.01, "task-ft": -2.74},
}
"""Peris et al. 2022: relative change in percent, German; measure, baseline, whether of the tail."""

CLAIMS = (
    ("a student distilled on generic text beats direct pretraining", GENERIC, DIRECT),
    ("7 : 3 beats direct pretraining", "mixed", DIRECT),
    ("task only beats direct pretraining", "task", DIRECT),
    ("7 : 3 beats generic only", "mixed", GENERIC),
    ("task only beats 7 : 3", "task", "mixed"),
    ("task only beats generic only", "task", GENERIC),
    ("adapting the teacher helps, 7 : 3", "mixed-ft", "mixed"),
    ("adapting the teacher helps, task only", "task-ft", "task"),
)


class Study:
    """A finished run of ``recipes/transfer-sets.yaml``."""

    def __init__(self, run: Run) -> None:
        self.run = run
        found, failed = groups(run)
        if failed:
            raise SystemExit("\n".join(failed))
        self.groups = {group.labels: group for group in found}

    def group(self, by_domain: bool, labels: str) -> Group:
        """Models of domains, or of intents and slots; taught on all labels or on a tenth."""
        return next(
            group
            for name, group in self.groups.items()
            if name.startswith(labels) and group.systems[0].by_domain == by_domain
        )

    def steps(self) -> str:
        """Encoders, what they read and how well they fill in masks of it."""
        rows = []
        for name in ("teacher", "teacher-mixed", "teacher-task", *ORDER):
            step = self.run.steps[name]
            numbers, config = step.numbers, step.manifest.config
            rows.append(
                (
                    self.title(name),
                    self.run.transfer_set(step),
                    config.get("teacher") or config.get("from") or "",
                    f"{numbers['parameters']['total'] / 1e6:.2f}M",
                    f"{numbers['tokens'] / 1e6:.1f}M",
                    f"{numbers['perplexity']:.0f}",
                )
            )
        return markdown(("model", "text", "taught by, or from", "parameters", "tokens", "perplexity"), rows)

    def title(self, base: str) -> str:
        """As the report calls it."""
        return self.run.titles.get(base, base.replace("-", ", adapted to "))

    def levels(self, labels: str) -> str:
        """What each student reaches, macro over the four languages."""
        rows = []
        domains, slots = self.group(False, labels), self.group(True, labels)
        for base in ORDER:
            of = [(domains, "domain_f1"), (slots, "intent_accuracy"), (slots, "slot_f1"), (slots, "semer")]
            rows.append((self.title(base), *(self._level(group, base, measure) for group, measure in of)))
        return markdown(("student", "DC F1", "intent accuracy", "slot F1", "SemER"), rows)

    def _level(self, group: Group, base: str, measure: str) -> str:
        cell = group.measures[_system(group, base).title]["all"]["macro"][measure]
        return f"{100 * cell['value']:.2f}" + ("" if cell["sd"] is None else f" ± {100 * cell['sd']:.2f}")

    def changes(self, labels: str, measure: str, baseline: str) -> str:
        """As tables 1, 2, A2: German, then all four languages; each of all and of the tail."""
        group = self.group(measure == "semer", labels)
        rows = []
        for base in ORDER:
            if base != baseline:
                paper = (PAPER.get((measure, baseline, rare), {}).get(base) for rare in (False, True))
                ours = (
                    _change(group, base, baseline, measure, where, rare=rare)
                    for where in (LANGUAGE, "")
                    for rare in (False, True)
                )
                rows.append(
                    (self.title(base), *("" if each is None else f"{each:+.2f}" for each in paper), *ours)
                )
        head = ("student", "paper, German", "tail", "ours, German", "tail", "ours, four languages", "tail")
        return markdown(head, rows)

    def domains(self, labels: str) -> str:
        """Beside the paper's table A3 and figure 2: change in SemER by domain, and the line through it."""
        group, baseline = self.group(True, labels), GENERIC
        (similar,) = self.run.of("similarity")
        by_domain: dict[str, list[float]] = {}
        for its in similar.numbers["by_locale"].values():
            for domain, row in its.items():
                by_domain.setdefault(domain, []).append(row["mean"])
        others = [base for base in ORDER if base not in (baseline, DIRECT)]
        found = {base: _compared(group, base, baseline)["domain"] for base in others}
        there = sorted(found[others[0]], key=lambda name: -sum(by_domain[name]) / len(by_domain[name]))
        means = {domain: sum(by_domain[domain]) / len(by_domain[domain]) for domain in there}
        rows: list[Sequence[str]] = [
            (domain, f"{means[domain]:.3f}", *(_cell(found[base][domain]["semer"]) for base in others))
            for domain in there
        ]
        lines = [
            fitted([(means[d], 100 * found[base][d]["semer"]["relative"]) for d in there]) for base in others
        ]
        rows.append(("slope of the fitted line", "", *("" if x is None else f"{x[0]:+.0f}" for x in lines)))
        rows.append(("correlation", "", *("" if x is None else f"{x[2]:+.2f}" for x in lines)))
        return markdown(("domain", "cosine", *map(self.title, others)), rows)

    def errors(self, labels: str) -> str:
        """What SemER is made of, over all test utterances and seeds, and exact match beside it."""
        rows = []
        group = self.group(True, labels)
        for base in ORDER:
            runs = _system(group, base).runs
            pairs = (pair for run in runs for evaluation in run for pair in read_pairs(evaluation))
            counts = Counts(*map(sum, zip(*starmap(count, pairs), strict=True)))
            due = counts.correct + counts.deleted + counts.substituted
            parts = (counts.substituted, counts.deleted, counts.inserted)
            rows.append(
                (
                    self.title(base),
                    *(f"{100 * part / due:.2f}" for part in (*parts, sum(parts))),
                    f"{100 * counts.exact / counts.utterances:.2f}",
                )
            )
        return markdown(("student", "wrong", "missing", "invented", "together", "exact match"), rows)

    def claims(self) -> str:
        """Each direction of the paper, macro over languages, with all labels and with a tenth."""
        rows = []
        for told, better, worse in CLAIMS:
            cells = [
                _change(self.group(measure == "semer", labels), better, worse, measure, "")
                for measure in ("domain_f1", "semer")
                for labels in ("all", "tenth")
            ]
            rows.append((told, *cells))
        head = ("the paper's direction", "DC F1, all", "a tenth", "SemER, all", "a tenth")
        return markdown(head, rows)

    def time(self) -> str:
        """Of all steps together."""
        seconds = sum(step.manifest.seconds for step in self.run.artifacts)
        machine = self.run.artifacts[-1].manifest
        return (
            f"{len(self.run.artifacts)} steps, {seconds / 60:.0f} minutes in all; last begun "
            f"{machine.started[:10]}."
        )

    def tables(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """By the name that the page has them under."""
        yield "time", self.time
        yield "steps", self.steps
        yield "claims", self.claims
        for labels in ("all", "tenth"):
            yield f"levels {labels}", lambda labels=labels: self.levels(labels)
            yield f"errors {labels}", lambda labels=labels: self.errors(labels)
            yield f"domains {labels}", lambda labels=labels: self.domains(labels)
            for measure, baseline in (
                ("domain_f1", GENERIC), ("domain_f1", DIRECT), ("semer", GENERIC), ("semer", DIRECT),
            ):  # fmt: skip
                yield (
                    f"{measure} {baseline} {labels}",
                    lambda labels=labels, m=measure, b=baseline: self.changes(labels, m, b),
                )


def _system(group: Group, base: str) -> System:
    return next(system for system in group.systems if system.base == base)


def _compared(group: Group, base: str, baseline: str, *, rare: bool = False) -> Any:
    compared = group.against(_system(group, baseline), group.systems, rare=rare)
    return compared["changes"][_system(group, base).title]["measures"]


def _change(group: Group, base: str, baseline: str, measure: str, locale: str, *, rare: bool = False) -> str:
    measures = _compared(group, base, baseline, rare=rare)
    return _cell((measures["locale"][locale] if locale else measures["all"]["macro"])[measure])


def _cell(change: Any) -> str:
    if change["relative"] is None:
        return "-"
    star = "*" if change["p"] is not None and change["p"] < 0.05 else ""
    sd = "" if change["sd"] is None else f" ± {100 * change['sd']:.2f}"
    return f"{100 * change['relative']:+.2f}{sd}{star}"


def draw_figure(run: Path) -> None:
    """The report's plots of likeness to generic text, as a picture."""
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 1160, "height": 900}, offline=True).new_page()
        page.goto((run / "report" / "report.html").absolute().as_uri())
        page.locator("#similarity .grid").screenshot(path=FIGURE)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    draw_figure(Path(sys.argv[1]))
    tables = dict(Study(run_in(Path(sys.argv[1]))).tables())
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")

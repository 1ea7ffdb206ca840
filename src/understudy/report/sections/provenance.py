"""What was run on what: a record a step, with data, fingerprint, code, machine and time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from html import escape

from understudy.core.artifact import Artifact
from understudy.report.run import Run
from understudy.report.section import Html, Section, duration, tag
from understudy.report.sections.lineage import anchor, headline
from understudy.report.systems import Group
from understudy.report.tables import Table


def provenance(run: Run, groups: Sequence[Group] = ()) -> Section:
    """The section."""
    lead = (
        "Steps in the order they were begun. A fingerprint covers the configuration and all that was read; "
        "equal fingerprints are equal work."
    )
    records = "".join(_record(artifact) for artifact in run.artifacts)
    return Section(
        "provenance",
        "What was run on what",
        lead,
        (_conditions(run), *_labels(groups), _data(run), Html(records)),
    )


def _labels(groups: Sequence[Group]) -> list[Table]:
    """Labelled utterances: how many taught, and on which test set all were judged."""
    locales = sorted({frame.locale for group in groups for frame in group.references})
    rows = []
    for group in groups:
        counts = Counter(frame.locale for frame in group.references)
        cells = (f"{counts[locale]:,}" for locale in locales)
        asked = f"{len(group.references):,}"
        rows.append(
            (group.labels, group.split, group.test_set[:12], f"{group.train_utterances:,}", asked, *cells)
        )
    columns = ("labels", "split", "fingerprint", "trained on", "judged on", *locales)
    title = "Labelled utterances; runs with the same fingerprint were asked the same"
    return [Table(title, columns, tuple(rows), words=3)] if rows else []


def _conditions(run: Run) -> Table:
    """Code and machines, and how much of the work was done on each."""
    found: dict[tuple[str, ...], list[Artifact]] = {}
    for artifact in run.artifacts:
        key = (artifact.manifest.code_version, _machine(artifact))
        found.setdefault(key, []).append(artifact)
    return Table(
        "Code and machines",
        ("code", "machine", "steps", "seconds", "first begun"),
        tuple(
            (
                *key,
                str(len(steps)),
                f"{sum(step.manifest.seconds for step in steps):,.0f}",
                steps[0].manifest.started.replace("T", " ")[:16],
            )
            for key, steps in found.items()
        ),
        words=2,
    )


def _data(run: Run) -> Table:
    """Every raw file once, with the steps that read it."""
    readers: dict[tuple[str, str], list[str]] = {}
    for artifact in run.artifacts:
        for file, digest in artifact.manifest.sources.items():
            readers.setdefault((file, digest), []).append(artifact.path.name)
    rows = tuple(
        (file, digest[:12], ", ".join(steps) if len(steps) < 4 else f"{steps[0]} and {len(steps) - 1} more")
        for (file, digest), steps in sorted(readers.items())
    )
    if not rows:
        return Table("Files that were read", ("files",), (("none: the run made its own data",),))
    return Table("Files that were read", ("file", "SHA-256", "by"), rows, words=3)


def _record(artifact: Artifact) -> str:
    manifest = artifact.manifest
    facts = {
        "stage": manifest.stage,
        "made from": ", ".join(manifest.inputs) or "no other step",
        "fingerprint": manifest.fingerprint,
        "code": manifest.code_version,
        "machine": _machine(artifact),
        "begun": manifest.started.replace("T", " "),
        "took": duration(manifest.seconds),
        "wrote": f"{len(manifest.files)} files, {sum(manifest.files.values()) / 1e6:,.1f} MB",
    }
    told = "".join(tag("dt", escape(name)) + tag("dd", escape(value)) for name, value in facts.items())
    config = escape(json.dumps(manifest.config, indent=1, ensure_ascii=False))
    number = headline(artifact)
    summary = " · ".join(filter(None, (manifest.stage, number, duration(manifest.seconds))))
    # The anchor is inside, so that a browser which is sent there opens the record.
    inside = tag("dl", told) + tag("pre", config)
    return tag(
        "details",
        tag("summary", f"{escape(artifact.path.name)} {tag('span', escape(summary), class_='soft')}")
        + tag("div", inside, id=anchor(artifact), class_="record"),
    )


def _machine(artifact: Artifact) -> str:
    machine = artifact.manifest.machine
    parts = [
        f"{machine.get('system', '?')} {machine.get('architecture', '')}".strip(),
        f"{machine.get('cores', '?')} cores",
    ]
    known = {"architecture", "cores", "python", "system"}
    parts += [f"Python {machine['python']}"] if "python" in machine else []
    parts += [f"{key} {value}" for key, value in machine.items() if key not in known and value]
    return ", ".join(parts)
